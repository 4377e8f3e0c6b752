import { type Item, type SlideLayouts, variations } from "lumiku-client"

import { api, type Schemas } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { useAsk } from "../state.tsx"
import { useStudioWords } from "./words.ts"

/** What is written on a slide; without a title it has the item's name, without a layout the carousel's. */
export type SlideWords = Required<Pick<Schemas["SlideInput"], "title" | "price" | "note" | "layout">>

interface Props {
  one: Item
  place: number
  ratio: string
  looks: SlideLayouts
  words: SlideWords
  onWords: (change: Partial<SlideWords>) => void
  /** null at the beginning and at the end. */
  onEarlier: (() => void) | null
  onLater: (() => void) | null
  onRemove: () => void
}

/** One slide: its picture, and its words to be written. */
export function SlideRow({ one, place, ratio, looks, words, onWords, onEarlier, onLater, onRemove }: Props) {
  const { carousels: said } = useStudioWords()
  const asked = useAsk(one.itemId, () => variations(api, one.itemId, { limit: 20 }))
  const made = asked.value?.variations
  const shown = made?.find((variation) => variation.isSelected) ?? made?.[0]
  const picture = shown?.thumbnailUrl ?? one.thumbnailUrl
  return (
    <li className="card slide">
      <figure>
        <span className="picture" style={{ aspectRatio: ratio.replace(":", " / ") }}>
          {picture && <img src={picture} alt="" />}
        </span>
        <figcaption className="fine">
          {words.title ?? one.name}
          {words.price && ` · ${words.price}`}
        </figcaption>
      </figure>
      <fieldset className="plain">
        <legend>{said.slide(place + 1)}</legend>
        <Field label={said.name} most={looks.maxWords.title} value={words.title ?? one.name} onValue={(title) => onWords({ title })} />
        <Field label={said.price} most={looks.maxWords.price} value={words.price} example={said.priceExample} onValue={(price) => onWords({ price })} />
        <Field label={said.note} most={looks.maxWords.note} value={words.note} onValue={(note) => onWords({ note })} />
        <label className="field">
          <span>{said.layout}</span>
          <select value={words.layout ?? ""} onChange={(event) => onWords({ layout: (event.target.value || null) as SlideWords["layout"] })}>
            <option value="">{said.same}</option>
            {looks.layouts.map((layout) => (
              <option key={layout.id} value={layout.id}>
                {layout.name}
              </option>
            ))}
          </select>
        </label>
        <div className="ways">
          <button type="button" className="button quiet small" disabled={!onEarlier} onClick={() => onEarlier?.()}>
            {said.earlier}
          </button>
          <button type="button" className="button quiet small" disabled={!onLater} onClick={() => onLater?.()}>
            {said.later}
          </button>
          <button type="button" className="button quiet small" onClick={onRemove}>
            <Icon name="close" /> {said.remove}
          </button>
        </div>
      </fieldset>
    </li>
  )
}

interface FieldProps {
  label: string
  most: number | undefined
  value: string
  example?: string
  onValue: (value: string) => void
}

const Field = ({ label, most, value, example, onValue }: FieldProps) => (
  <label className="field">
    <span>{label}</span>
    <input value={value} maxLength={most} placeholder={example} onChange={(event) => onValue(event.target.value)} />
  </label>
)
