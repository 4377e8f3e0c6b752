import { changeTemplate, createTemplate, type Look, newKey, templates } from "lumiku-client"
import { useEffect, useMemo, useRef, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { Lines } from "../parts/small.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { facts } from "../prices.ts"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { Lacking } from "./order.tsx"
import { usePlan } from "./plan.ts"
import { TemplateWords } from "./template.tsx"
import { useStudioWords } from "./words.ts"

/** The way to keep a look of one's own as a template. */
export function SaveTemplate({ look }: { look: Look }) {
  const { templates: said } = useStudioWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="button quiet small" onClick={() => setOpen(true)}>
        {said.save}
      </button>
      {isOpen && <SaveDialog look={look} onClose={() => setOpen(false)} />}
    </>
  )
}

function SaveDialog({ look, onClose }: { look: Look; onClose: () => void }) {
  const { words } = useApp()
  const { templates: said } = useStudioWords()
  const dialog = useRef<HTMLDialogElement>(null)
  const plan = usePlan()
  const [saved, setSaved] = useState<Schemas["TemplateView"] | null>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const { upscale, ...workflow } = look
  const isWhole = workflow.frame && workflow.background && workflow.background.action !== "keep"
  const [availableIn] = facts.studio.ownTemplates as Schemas["StudioPlanName"][]
  const isAllowed = plan.value !== null && facts.studio.ownTemplates.includes(plan.value)
  return (
    <dialog ref={dialog} aria-label={said.save} onClose={onClose}>
      <h2>{said.save}</h2>
      <Trouble problem={plan.problem} again={plan.again} />
      {!plan.value && !plan.problem && <Lines count={3} />}
      {plan.value && !isAllowed && <Lacking lacking={{ missing: [said.own], availableIn: availableIn ?? null }} />}
      {isAllowed && !isWhole && <Notice tone="still">{said.saveNeeds}</Notice>}
      {saved && (
        <>
          <img src={saved.previewUrl} alt="" width={saved.width} height={saved.height} className="template-large" />
          <Notice tone="good">{said.saved(saved.name)}</Notice>
        </>
      )}
      {isAllowed && isWhole && !saved && (
        <>
          <p className="fine">{said.saveTells}</p>
          {upscale && <p className="fine">{said.saveNoUpscale}</p>}
          <SaveForm workflow={workflow} onSaved={setSaved} />
        </>
      )}
      <form method="dialog">
        <button className="button quiet wide">{words.close}</button>
      </form>
    </dialog>
  )
}

/** A new template of that look, or an own one that gets it. */
function SaveForm({ workflow, onSaved }: { workflow: Look; onSaved: (saved: Schemas["TemplateView"]) => void }) {
  const { templates: said } = useStudioWords()
  const own = useAsk("own", (signal) => templates(api, { own: true, sort: "name" }, signal))
  const [into, setInto] = useState("")
  const [name, setName] = useState("")
  const [description, setDescription] = useState("")
  const key = useMemo(newKey, [name, description, workflow])
  const doing = useDoing()
  const save = () =>
    doing.run(async () => {
      const told = { name: name.trim(), description: description.trim() }
      onSaved(into ? await changeTemplate(api, into, { workflow }) : await createTemplate(api, { ...told, workflow }, key))
    })
  return (
    <form className="unfolded" onSubmit={(event) => (event.preventDefault(), save())}>
      <Trouble problem={own.problem} again={own.again} />
      {own.value && own.value.length > 0 && (
        <label className="field">
          <span>{said.saveTo}</span>
          <select value={into} onChange={(event) => setInto(event.target.value)}>
            <option value="">{said.saveNew}</option>
            {own.value.map((one) => (
              <option key={one.templateId} value={one.templateId}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {!into && <TemplateWords name={name} description={description} onName={setName} onDescription={setDescription} />}
      <Trouble problem={doing.problem} />
      <button className="button" disabled={doing.busy || (!into && !name.trim())}>
        {said.keep}
      </button>
    </form>
  )
}
