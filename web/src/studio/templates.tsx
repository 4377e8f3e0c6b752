import { type Template, templates } from "lumiku-client"
import { useState } from "react"

import { api } from "../client.ts"
import { Lines } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useTitle } from "../routes.ts"
import { useApp, useAsk } from "../state.tsx"
import { capital } from "../words/numbers.ts"
import { CATEGORIES, TemplatePicture } from "./picker.tsx"
import { useLast, useSettled } from "./settled.ts"
import { TemplateDialog } from "./template.tsx"
import { useStudioWords } from "./words.ts"

const SORTS = ["shown", "popular", "rating", "new", "name"] as const
const PLATFORMS = ["shopee", "tokopedia", "lazada", "tiktok-shop", "instagram", "tiktok", "banner"] as const

/** All templates, sought by what they are for. */
export default function Templates() {
  const { language } = useApp()
  const { templates: said } = useStudioWords()
  const [category, setCategory] = useState<(typeof CATEGORIES)[number] | "">("")
  const [platform, setPlatform] = useState<(typeof PLATFORMS)[number] | "">("")
  const [isFeatured, setFeatured] = useState(false)
  const [isMine, setMine] = useState(false)
  const [isOwn, setOwn] = useState(false)
  const [sort, setSort] = useState<(typeof SORTS)[number]>("shown")
  const [sought, setSought] = useState("")
  const [open, setOpen] = useState<Template | null>(null)
  const q = useSettled(sought.trim())
  const query = { sort, ...(isOwn && { own: true }), ...(category && { category }), ...(platform && { platform }), ...(isFeatured && { featured: true }), ...(q && { q }) }
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
        <label className="field">
          <span className="unseen">{said.sort}</span>
          <select value={sort} onChange={(event) => setSort(event.target.value as typeof sort)}>
            {SORTS.map((name) => (
              <option key={name} value={name}>
                {said.sorts[name]}
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
        <label className="check">
          <input type="checkbox" checked={isOwn} onChange={(event) => setOwn(event.target.checked)} />
          {said.own}
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
      {open && <TemplateDialog key={open.templateId} one={open} onClose={() => setOpen(null)} onChanged={asked.again} />}
    </section>
  )
}
