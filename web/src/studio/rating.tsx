import { rateTemplate, type Template, template } from "lumiku-client"
import { useState } from "react"

import { api } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useAsk, useDoing } from "../state.tsx"
import { useStudioWords } from "./words.ts"

const STARS = [1, 2, 3, 4, 5]

/** One to five stars of whoever has a paid picture of the template; pressing one is the rating. */
export function Rating({ one }: { one: Pick<Template, "templateId" | "name" | "myRating"> }) {
  const { templates: said } = useStudioWords()
  const [stars, setStars] = useState(one.myRating)
  const [isNew, setNew] = useState(false)
  const doing = useDoing()
  const rate = (value: number) =>
    doing.run(async () => {
      setStars(value)
      try {
        await rateTemplate(api, one.templateId, value)
        setNew(true)
      } catch (error) {
        setStars(stars)
        throw error
      }
    })
  return (
    <fieldset className="rating">
      <legend>{said.rate(one.name)}</legend>
      {STARS.map((value) => (
        <label key={value} className={stars !== null && value <= stars ? "given" : undefined}>
          <input type="radio" name="stars" aria-label={said.stars(value)} checked={value === stars} onChange={() => rate(value)} />
          <Icon name="star" />
        </label>
      ))}
      {isNew && (
        <p className="fine" role="status">
          {said.thanks}
        </p>
      )}
      <Trouble problem={doing.problem} />
    </fieldset>
  )
}

/** The same beside a picture that was made with the template. */
export function RatingOf({ templateId }: { templateId: string }) {
  const asked = useAsk(templateId, () => template(api, templateId))
  return asked.value && <Rating one={asked.value} />
}
