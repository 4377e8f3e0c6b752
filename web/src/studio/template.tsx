import { changeTemplate, retireTemplate, type Template, template } from "lumiku-client"
import { useEffect, useRef, useState } from "react"

import { api } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Sure } from "../parts/sure.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { go } from "../routes.ts"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { rememberTemplate } from "./looks.ts"
import { Rating } from "./rating.tsx"
import { useStudioWords } from "./words.ts"

/** One template, large: what it is, what it costs; an own one is changed and retired. */
export function TemplateDialog({ one, onClose, onChanged }: { one: Template; onClose: () => void; onChanged: () => void }) {
  const { words } = useApp()
  const { templates: said, plans, item: itemWords } = useStudioWords()
  const dialog = useRef<HTMLDialogElement>(null)
  const asked = useAsk(one.templateId, () => template(api, one.templateId))
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="wide-dialog" aria-label={one.name} onClose={onClose}>
      <img src={asked.value?.previewUrl ?? one.thumbnailUrl} alt="" width={one.width} height={one.height} className="template-large" />
      <h2>{one.name}</h2>
      {one.description && <p>{one.description}</p>}
      <p className="fine">
        {[said.size(one.width, one.height), words.credits(one.credits), ...(one.uses ? [said.used(one.uses)] : []), ...(one.rating === null ? [] : [said.rated(one.rating, one.ratings)])].join(" · ")}
      </p>
      {one.myRating !== null && <Rating one={one} />}
      {one.myRating === null && !one.own && <p className="fine">{said.rateHow}</p>}
      {one.own && <Own one={one} onChanged={() => (dialog.current?.close(), onChanged())} />}
      {!one.inPlan && (
        <Notice tone="still">
          <p>{itemWords.lacks}</p>
          <div className="ways">
            <a className="button small quiet" href={one.availableIn === "payg" ? "#/plan" : "#/plans"}>
              {itemWords.seePlan(plans.names[one.availableIn])}
            </a>
          </div>
        </Notice>
      )}
      <Trouble problem={asked.problem} again={asked.again} />
      <form method="dialog">
        <p className="fine">{said.usedNext}</p>
        <div className="ways">
          <button className="button quiet">{words.close}</button>
          <button type="button" className="button" onClick={() => (rememberTemplate(one.templateId), go("studio"))}>
            {said.use}
          </button>
        </div>
      </form>
    </dialog>
  )
}

/** What its owner does to a template of their own. */
function Own({ one, onChanged }: { one: Template; onChanged: () => void }) {
  const { words } = useApp()
  const { templates: said } = useStudioWords()
  const [name, setName] = useState(one.name)
  const [description, setDescription] = useState(one.description)
  const sure = useRef<HTMLDialogElement>(null)
  const doing = useDoing()
  const act = (what: () => Promise<unknown>) => doing.run(async () => (await what(), onChanged()))
  return (
    <>
      <details className="card">
        <summary>{said.change}</summary>
        <form
          className="unfolded"
          onSubmit={(event) => {
            event.preventDefault()
            act(() => changeTemplate(api, one.templateId, { name: name.trim(), description: description.trim() }))
          }}
        >
          <TemplateWords name={name} description={description} onName={setName} onDescription={setDescription} />
          <div className="ways">
            <button type="button" className="button quiet small danger" disabled={doing.busy} onClick={() => sure.current?.showModal()}>
              <Icon name="bin" /> {said.retire}
            </button>
            <button className="button small" disabled={doing.busy || !name.trim()}>
              {said.keep}
            </button>
          </div>
        </form>
      </details>
      <Trouble problem={doing.problem} />
      <Sure ref={sure} asks={said.retireSure(one.name)} yes={said.retire} no={words.cancel} onYes={() => act(() => retireTemplate(api, one.templateId))} />
    </>
  )
}

interface TemplateWordsProps {
  name: string
  description: string
  onName: (name: string) => void
  onDescription: (description: string) => void
}

/** What is said of a template. */
export function TemplateWords({ name, description, onName, onDescription }: TemplateWordsProps) {
  const { templates: said } = useStudioWords()
  return (
    <>
      <label className="field">
        <span>{said.name}</span>
        <input name="name" required maxLength={80} value={name} onChange={(event) => onName(event.target.value)} />
      </label>
      <label className="field">
        <span>{said.description}</span>
        <input name="description" maxLength={300} value={description} onChange={(event) => onDescription(event.target.value)} />
      </label>
    </>
  )
}
