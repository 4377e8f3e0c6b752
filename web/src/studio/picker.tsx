import { type Template, templates } from "lumiku-client"
import { useState } from "react"

import { api } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Lines } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useApp, useAsk } from "../state.tsx"
import { useStudioWords } from "./words.ts"

export const CATEGORIES = ["studio", "lifestyle", "ecommerce", "seasonal"] as const

export function TemplatePicture({ one }: { one: Template }) {
  const { templates: said, plans } = useStudioWords()
  return (
    <>
      <img src={one.thumbnailUrl} alt="" loading="lazy" width="320" height="320" />
      <strong>{one.name}</strong>
      {one.rating !== null && (
        <span className="fine rated">
          <Icon name="star" /> {said.rated(one.rating, one.ratings)}
        </span>
      )}
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
