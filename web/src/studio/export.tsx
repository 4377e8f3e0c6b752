import { type Destination, everyItem, type Item, newKey, orderExport, platforms, project, type StudioPrice, studioPrice } from "lumiku-client"
import { useMemo, useState } from "react"

import { api } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Lines, Pill, usePriceWord } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { facts } from "../prices.ts"
import { go, useTitle } from "../routes.ts"
import { toProblem, useApp, useAsk, useDoing } from "../state.tsx"
import { Lacking } from "./order.tsx"
import { inParts, takeSelection } from "./selection.ts"
import { useLast, useSettled } from "./settled.ts"
import { FORMATS, type Format } from "./variations.tsx"
import { useStudioWords } from "./words.ts"

const SIZES = ["original", "1080", "1200", "2400"]

/** Which pictures of a project become which files: chosen, priced, ordered. */
export default function ExportPage({ projectId }: { projectId: string }) {
  const { item: item_, exports: said } = useStudioWords()
  const about = useAsk(projectId, () => project(api, projectId))
  const made = useAsk(`made/${projectId}`, (signal) => everyItem(api, projectId, { status: "processed" }, signal))
  const places = useAsk("platforms", (signal) => platforms(api, signal))
  useTitle(said.title)
  const found = made.value
  return (
    <section>
      <a className="link back" href={`#/studio/${projectId}`}>
        <Icon name="back" /> {about.value?.name ?? item_.back}
      </a>
      <h1>{said.title}</h1>
      <p className="tells">{said.tells}</p>
      <Trouble problem={made.problem ?? places.problem} again={() => (made.again(), places.again())} />
      {(!found || !places.value) && !made.problem && !places.problem && <Lines count={6} />}
      {found?.length === 0 && <p className="fine">{said.nothing}</p>}
      {found && found.length > 0 && places.value && (
        <Choosing projectId={projectId} found={found} places={places.value.flatMap((one) => one.destinations)} />
      )}
    </section>
  )
}

function Choosing({ projectId, found, places }: { projectId: string; found: Item[]; places: Destination[] }) {
  const { exports: said } = useStudioWords()
  const [picked, setPicked] = useState(() => (takeSelection("export", projectId) ?? []).filter((one) => found.some(({ itemId }) => itemId === one)))
  const [part, setPart] = useState(picked.length ? null : 0)
  const parts = inParts(found, facts.studio.maxExport)
  const [destinations, setDestinations] = useState<string[]>([])
  const [formats, setFormats] = useState<Format[]>([])
  const [sizes, setSizes] = useState<string[]>([])
  const files = { destinations, formats, sizes }
  const chosen = part === null ? picked : (parts[part] ?? []).map(({ itemId }) => itemId)
  return (
    <>
      <fieldset className="plain">
        <legend>{said.pictures}</legend>
        {parts.map((of, index) => (
          <label key={index} className="check">
            <input type="radio" name="which" checked={part === index} onChange={() => setPart(index)} />
            {parts.length === 1 ? said.all(found.length) : said.part(index * facts.studio.maxExport + 1, index * facts.studio.maxExport + of.length, found.length)}
          </label>
        ))}
        <label className="check">
          <input type="radio" name="which" checked={part === null} onChange={() => setPart(null)} /> {said.some}
        </label>
        {parts.length > 1 && <p className="fine">{said.atMost(facts.studio.maxExport)}</p>}
        {part === null && (
          <ul className="gallery">
            {found.map((one) => (
              <li key={one.itemId} className={picked.includes(one.itemId) ? "shot selected" : "shot"}>
                <span className="picture">{one.thumbnailUrl ? <img src={one.thumbnailUrl} alt="" loading="lazy" /> : <Icon name="photo" />}</span>
                <strong className="file-name">{one.name}</strong>
                <label className="pick">
                  <input
                    type="checkbox"
                    aria-label={said.choose(one.name)}
                    checked={picked.includes(one.itemId)}
                    onChange={() => setPicked(toggled(picked, one.itemId))}
                  />
                </label>
              </li>
            ))}
          </ul>
        )}
      </fieldset>
      <fieldset className="plain">
        <legend>{said.places}</legend>
        <div className="places">
          {places.map((place) => (
            <Place key={place.id} place={place} isChosen={destinations.includes(place.id)} onChoose={() => setDestinations(toggled(destinations, place.id))} />
          ))}
        </div>
      </fieldset>
      <Checks label={said.formats} options={FORMATS} chosen={formats} word={(one) => one.toUpperCase()} onChosen={setFormats} />
      <Checks label={said.sizes} options={SIZES} chosen={sizes} word={(one) => (one === "original" ? said.original : `${one} × ${one}`)} onChosen={setSizes} />
      <OrderExport projectId={projectId} files={files} chosen={chosen} isAll={part !== null && parts.length === 1} />
    </>
  )
}

const toggled = <T,>(list: T[], one: T): T[] => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one])

/** A place, and how sure its rules are. */
function Place({ place, isChosen, onChoose }: { place: Destination; isChosen: boolean; onChoose: () => void }) {
  const { exports: said } = useStudioWords()
  const unsure = place.rules.filter((rule) => !rule.isConfirmed).length
  return (
    <article className="card">
      <label className="check">
        <input type="checkbox" checked={isChosen} onChange={onChoose} />
        <strong>{place.name}</strong>
      </label>
      <p className="fine">
        {place.width} × {place.height} px · {place.formats.map((format) => format.toUpperCase()).join(", ")} · {said.rules(place.rules.length)}
      </p>
      <Pill tone={unsure ? "still" : "good"}>{unsure ? said.unsure(unsure) : said.sure}</Pill>
      <details>
        <summary>{said.sources}</summary>
        <ul className="fine">
          {place.rules.map((rule) => (
            <li key={rule.rule}>
              {rule.name}: {rule.source}, {rule.date} ({rule.strengthName})
            </li>
          ))}
        </ul>
      </details>
    </article>
  )
}

interface ChecksProps<T extends string> {
  label: string
  options: readonly T[]
  chosen: T[]
  word: (one: T) => string
  onChosen: (chosen: T[]) => void
}

function Checks<T extends string>({ label, options, chosen, word, onChosen }: ChecksProps<T>) {
  return (
    <fieldset className="plain">
      <legend>{label}</legend>
      <div className="studio-bar">
        {options.map((one) => (
          <label key={one} className="check">
            <input type="checkbox" checked={chosen.includes(one)} onChange={() => onChosen(toggled(chosen, one))} />
            {word(one)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

interface Files {
  destinations: string[]
  formats: Format[]
  sizes: string[]
}

interface Order {
  projectId: string
  files: Files
  chosen: string[]
  /** They are all that have a picture. */
  isAll: boolean
}

/** The price on its button, and what the plan lacks for it. */
function OrderExport({ projectId, files, chosen, isAll }: Order) {
  const { refresh } = useApp()
  const { exports: said } = useStudioWords()
  const priceWord = usePriceWord()
  const doing = useDoing()
  const [told, setTold] = useState<{ about: string; credits: number } | null>(null)
  const about = useSettled(JSON.stringify(files))
  const key = useMemo(newKey, [about, String(chosen)])
  const price = useAsk<StudioPrice | null>(about, async (signal) => {
    const settled = JSON.parse(about) as Files
    return Object.values(settled).some(({ length }) => length) ? studioPrice(api, { export: settled }, signal) : null
  })
  const isTooMany = chosen.length > facts.studio.maxExport
  const isNothing = !chosen.length || isTooMany || !Object.values(files).some(({ length }) => length)
  const credits = told?.about === about ? told.credits : price.value?.total
  const seen = useLast(price.value)
  const lacking = isNothing ? null : (seen?.notInPlan ?? null)
  const order = () =>
    doing.run(async () => {
      try {
        const asked = { ...(JSON.parse(about) as Files), items: isAll ? ("all" as const) : chosen, expectedCredits: credits ?? null }
        const ordered = await orderExport(api, projectId, asked, key)
        go(`exported/${ordered.export.exportId}`)
      } catch (error) {
        const { code, facts } = toProblem(error)
        if (code === "price_changed" && facts.price !== undefined) setTold({ about, credits: facts.price })
        throw error
      } finally {
        refresh()
      }
    })
  return (
    <div className="order">
      {lacking && <Lacking lacking={lacking} />}
      <Trouble problem={doing.problem ?? price.problem} again={doing.problem ? order : price.again} />
      {!lacking && (
        <div className="sticky">
          <button type="button" className="button main wide" disabled={isNothing || doing.busy || credits === undefined} onClick={order}>
            {isTooMany ? said.atMost(facts.studio.maxExport) : isNothing ? said.choice : said.go(chosen.length, credits === undefined ? "…" : priceWord(credits))}
          </button>
        </div>
      )}
    </div>
  )
}
