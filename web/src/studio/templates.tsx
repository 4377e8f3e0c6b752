import { type Template, template, templates } from "lumiku-client"
import { useEffect, useRef, useState } from "react"

import { api } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Lines } from "../parts/small.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { go, useTitle } from "../routes.ts"
import { useApp, useAsk } from "../state.tsx"
import { capital } from "../words/numbers.ts"
import { rememberTemplate } from "./looks.ts"
import { useLast, useSettled } from "./settled.ts"
import { useStudioWords } from "./words.ts"

const CATEGORIES = ["studio", "lifestyle", "ecommerce", "seasonal"] as const
const PLATFORMS = ["shopee", "tokopedia", "lazada", "tiktok-shop", "instagram", "tiktok", "banner"] as const

/** All templates, sought by what they are for. */
export default function Templates() {
  const { language } = useApp()
  const { templates: said } = useStudioWords()
  const [category, setCategory] = useState<(typeof CATEGORIES)[number] | "">("")
  const [platform, setPlatform] = useState<(typeof PLATFORMS)[number] | "">("")
  const [isFeatured, setFeatured] = useState(false)
  const [isMine, setMine] = useState(false)
  const [sought, setSought] = useState("")
  const [open, setOpen] = useState<Template | null>(null)
  const q = useSettled(sought.trim())
  const query = { ...(category && { category }), ...(platform && { platform }), ...(isFeatured && { featured: true }), ...(q && { q }) }
  const asked = useAsk(`${language}/${JSON.stringify(query)}`, (signal) => templates(api, query, signal))
  const shown = useLast(asked.value)?.filter((one) => !isMine || one.inPlan)
  useTitle(said.title)
  return (
    <section>
      <h1>{said.title}</h1>
      <p className="tells">{said.tells}</p>
      <fieldset className="chips">
        <legend className="unseen">{said.category}</legend>
        {(["", ...CATEGORIES] as const).map((name) => (
          <label key={name} className="chip plain">
            <input type="radio" name="category" checked={name === category} onChange={() => setCategory(name)} />
            {name ? said.categories[name] : said.any}
          </label>
        ))}
      </fieldset>
      <div className="studio-bar">
        <label className="field search">
          <span className="unseen">{said.search}</span>
          <input type="search" value={sought} placeholder={said.search} onChange={(event) => setSought(event.target.value)} />
        </label>
        <label className="field">
          <span className="unseen">{said.platform}</span>
          <select value={platform} onChange={(event) => setPlatform(event.target.value as typeof platform)}>
            <option value="">{said.anyPlatform}</option>
            {PLATFORMS.map((name) => (
              <option key={name} value={name}>
                {name.split("-").map(capital).join(" ")}
              </option>
            ))}
          </select>
        </label>
        <label className="check">
          <input type="checkbox" checked={isFeatured} onChange={(event) => setFeatured(event.target.checked)} />
          {said.featured}
        </label>
        <label className="check">
          <input type="checkbox" checked={isMine} onChange={(event) => setMine(event.target.checked)} />
          {said.inPlan}
        </label>
      </div>
      <Trouble problem={asked.problem} again={asked.again} />
      {!shown && !asked.problem && <Lines count={6} />}
      {shown && <p className="fine" role="status">{shown.length ? said.count(shown.length) : said.none}</p>}
      <ul className="templates">
        {shown?.map((one) => (
          <li key={one.templateId}>
            <button type="button" className="template" onClick={() => setOpen(one)}>
              <TemplatePicture one={one} />
            </button>
          </li>
        ))}
      </ul>
      {open && <TemplateDialog key={open.templateId} one={open} onClose={() => setOpen(null)} />}
    </section>
  )
}

function TemplatePicture({ one }: { one: Template }) {
  const { templates: said, plans } = useStudioWords()
  return (
    <>
      <img src={one.thumbnailUrl} alt="" loading="lazy" width="320" height="320" />
      <strong>{one.name}</strong>
      {one.inPlan ? (
        <span className="fine">{one.aspectRatio}</span>
      ) : (
        <span className="fine locked">
          <Icon name="lock" /> {said.from(plans.names[one.availableIn])}
        </span>
      )}
    </>
  )
}

function TemplateDialog({ one, onClose }: { one: Template; onClose: () => void }) {
  const { words } = useApp()
  const { templates: said, plans, item: itemWords } = useStudioWords()
  const dialog = useRef<HTMLDialogElement>(null)
  const asked = useAsk(one.templateId, () => template(api, one.templateId))
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="wide-dialog" aria-label={one.name} onClose={onClose}>
      <img src={asked.value?.previewUrl ?? one.thumbnailUrl} alt="" width={one.width} height={one.height} className="template-large" />
      <h2>{one.name}</h2>
      <p>{one.description}</p>
      <p className="fine">
        {said.size(one.width, one.height)} · {words.credits(one.credits)}
      </p>
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

/** One of the templates, for a photo that is being worked on. */
export function TemplatePicker({ label, value, onValue }: { label?: string; value: string | null; onValue: (templateId: string) => void }) {
  const { language } = useApp()
  const { item: said, templates: words } = useStudioWords()
  const [category, setCategory] = useState<(typeof CATEGORIES)[number] | "">("")
  const asked = useAsk(`picker/${language}`, (signal) => templates(api, {}, signal))
  const shown = asked.value?.filter((one) => !category || one.category === category)
  return (
    <div className="picker">
      <label className="field">
        <span className="unseen">{words.category}</span>
        <select value={category} onChange={(event) => setCategory(event.target.value as typeof category)}>
          <option value="">{words.any}</option>
          {CATEGORIES.map((name) => (
            <option key={name} value={name}>
              {words.categories[name]}
            </option>
          ))}
        </select>
      </label>
      <Trouble problem={asked.problem} again={asked.again} />
      {!asked.value && !asked.problem && <Lines count={3} />}
      <fieldset className="templates small">
        <legend className="unseen">{label ?? said.template}</legend>
        {shown?.map((one) => (
          <label key={one.templateId} className="template">
            <input type="radio" name="template" checked={one.templateId === value} onChange={() => onValue(one.templateId)} />
            <TemplatePicture one={one} />
          </label>
        ))}
      </fieldset>
    </div>
  )
}
