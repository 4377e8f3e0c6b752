import { deleteVariation, type Item, selectVariation, type Variation, variationLink } from "lumiku-client"
import { useRef, useState } from "react"

import { api } from "../client.ts"
import { save } from "../downloads.ts"
import { Icon } from "../parts/icons.tsx"
import { Lines } from "../parts/small.tsx"
import { Sure } from "../parts/sure.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useApp, useDoing } from "../state.tsx"
import { moment } from "../words/numbers.ts"
import { RatingOf } from "./rating.tsx"
import { SendTo } from "./send-to.tsx"
import { useStudioWords } from "./words.ts"

export const FORMATS = ["jpeg", "png", "webp"] as const
export type Format = (typeof FORMATS)[number]

/** What was made of a photo: shown, selected, saved, deleted. */
export function Variations({
  one,
  list,
  shown,
  onOlder,
  onShow,
  onChanged,
}: {
  one: Item
  list: Variation[] | null
  shown: Variation | null
  /** Reads older ones; null where there are none. */
  onOlder: (() => Promise<void>) | null
  onShow: (variation: Variation) => void
  onChanged: () => void
}) {
  const { language, words } = useApp()
  const { item: said } = useStudioWords()
  const [format, setFormat] = useState<Format | "">("")
  const sure = useRef<HTMLDialogElement>(null)
  const doing = useDoing()
  const select = (variation: Variation) => {
    onShow(variation)
    if (!variation.isSelected) doing.run(async () => onShow(await selectVariation(api, variation.variationId)))
  }
  const download = ({ variationId }: Variation) =>
    doing.run(async () => {
      const link = await variationLink(api, one.itemId, { variation: variationId, ...(format && { format }) })
      save(link.url, link.fileName)
    })
  return (
    <div className="results">
      <h2>{said.variations}</h2>
      {list === null && <Lines count={1} />}
      {list?.length === 0 && <p className="fine">{said.noVariations}</p>}
      <ul className="strip large">
        {list?.map((variation) => (
          <li key={variation.variationId}>
            <button
              type="button"
              className="shot-button"
              aria-pressed={variation.variationId === shown?.variationId}
              aria-label={said.select(moment(variation.createdAt, language))}
              onClick={() => select(variation)}
            >
              {variation.thumbnailUrl ? <img className="checkerboard" src={variation.thumbnailUrl} alt="" loading="lazy" /> : <Icon name="photo" />}
            </button>
          </li>
        ))}
      </ul>
      {onOlder && (
        <button type="button" className="button quiet" disabled={doing.busy} onClick={() => doing.run(onOlder)}>
          {words.more}
        </button>
      )}
      {shown?.asked.source && <p className="fine">{said.paintedBy[shown.asked.source === "ai" ? "ai" : "procedural"]}</p>}
      {shown && (
        <div className="studio-bar">
          <label className="field">
            <span className="unseen">{said.format}</span>
            <select value={format} onChange={(event) => setFormat(event.target.value as Format | "")}>
              <option value="">{`${shown.format.toUpperCase()}, ${said.asStored}`}</option>
              {FORMATS.filter((one) => one !== shown.format).map((one) => (
                <option key={one} value={one}>
                  {one.toUpperCase()}
                </option>
              ))}
            </select>
          </label>
          <button type="button" className="button" disabled={doing.busy} onClick={() => download(shown)}>
            <Icon name="download" /> {said.download}
          </button>
          <button type="button" className="button quiet danger" disabled={doing.busy} onClick={() => sure.current?.showModal()}>
            <Icon name="bin" /> {said.delete}
          </button>
        </div>
      )}
      {shown?.asked.templateId && shown.creditsUsed > 0 && <RatingOf key={shown.asked.templateId} templateId={shown.asked.templateId} />}
      {shown && <SendTo key={shown.variationId} itemId={one.itemId} variationId={shown.variationId} />}
      <Trouble problem={doing.problem} />
      <Sure
        ref={sure}
        asks={said.deleteSure}
        yes={said.delete}
        no={words.cancel}
        onYes={() =>
          doing.run(async () => {
            if (shown) await deleteVariation(api, shown.variationId)
            onChanged()
          })
        }
      />
    </div>
  )
}
