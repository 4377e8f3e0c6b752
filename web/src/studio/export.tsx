import { type Destination, everyItem, type Item, orderExport, platforms, project, studioPrice } from "lumiku-client"
import { useState } from "react"

import { api } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Lines, Pill } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { facts } from "../prices.ts"
import { go, useTitle } from "../routes.ts"
import { useAsk } from "../state.tsx"
import { Buy } from "./buy.tsx"
import { PicturesToChoose, toggled } from "./pictures.tsx"
import { inParts, takeSelection } from "./selection.ts"
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
          <PicturesToChoose found={found} picked={picked} word={said.choose} onPick={(one) => setPicked(toggled(picked, one))} />
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

function OrderExport({ projectId, files, chosen, isAll }: Order) {
  const { exports: said } = useStudioWords()
  const isTooMany = chosen.length > facts.studio.maxExport
  const hasFiles = Object.values(files).some(({ length }) => length)
  const asked = { ...files, items: isAll ? ("all" as const) : chosen }
  return (
    <Buy
      what={chosen.length && hasFiles && !isTooMany ? files : null}
      nothing={isTooMany ? said.atMost(facts.studio.maxExport) : said.choice}
      said={asked}
      price={(what, signal) => studioPrice(api, { export: what }, signal)}
      label={(price) => said.go(chosen.length, price)}
      order={async (expectedCredits, key) => {
        const ordered = await orderExport(api, projectId, { ...asked, expectedCredits }, key)
        go(`exported/${ordered.export.exportId}`)
      }}
    />
  )
}
