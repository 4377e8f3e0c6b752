import { generations, type GenerationBatch, newKey, orderGenerations, project, studioPrice, type Wanted } from "lumiku-client"
import { useMemo, useState } from "react"

import { api, kept, type Schemas } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Lines, Pill, toneOf, usePriceWord } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { go, useTitle } from "../routes.ts"
import { toProblem, useApp, useAsk, useDoing } from "../state.tsx"
import { Editor } from "./editor.tsx"
import { FIRST, takeTemplate, wanted } from "./looks.ts"
import { Lacking } from "./order.tsx"
import { useSettled } from "./settled.ts"
import { useStudioWords } from "./words.ts"

// Photos that were selected in the gallery.
const SELECTION = "lumiku.selection"
export const rememberSelection = (itemIds: string[]): void => kept.write(SELECTION, itemIds)
function takeSelection(): string[] | null {
  const found = kept.read<string[]>(SELECTION)
  kept.drop(SELECTION)
  return found
}

/** Many photos of a project: what shall become of all of them, or of each by a file. */
export default function Together({ projectId }: { projectId: string }) {
  const { item: item_, together: said } = useStudioWords()
  const about = useAsk(projectId, () => project(api, projectId))
  const [selected, setSelected] = useState(takeSelection)
  const [choices, setChoices] = useState(() => ({ ...FIRST, way: "template" as const, template: takeTemplate() }) as typeof FIRST)
  const [file, setFile] = useState<{ name: string; text: string } | null>(null)
  useTitle(said.title)
  const total = about.value?.itemCount ?? null
  const count = selected?.length ?? (file ? linesOf(file.text) : total)
  return (
    <section className="narrow">
      <a className="link back" href={`#/studio/${projectId}`}>
        <Icon name="back" /> {about.value?.name ?? item_.back}
      </a>
      <h1>{said.title}</h1>
      <p className="fine">{said.tells}</p>
      <Trouble problem={about.problem} again={about.again} />
      {total === null && !about.problem && <Lines count={4} />}
      {total !== null && (
        <>
          <div className="row">
            <strong>{selected ? said.selected(selected.length) : said.all(total)}</strong>
            {selected && (
              <button type="button" className="button quiet small" onClick={() => setSelected(null)}>
                {said.takeAll(total)}
              </button>
            )}
          </div>
          <div className="row">
            <label className="button quiet">
              {file ? file.name : said.file}
              <input
                type="file"
                className="unseen"
                accept=".csv,text/csv"
                onChange={async (event) => {
                  const [chosen] = event.target.files ?? []
                  event.target.value = ""
                  if (chosen) setFile({ name: chosen.name, text: await chosen.text() })
                }}
              />
            </label>
            {file && (
              <button type="button" className="button quiet small" onClick={() => setFile(null)}>
                <Icon name="close" /> {said.noFile}
              </button>
            )}
          </div>
          <p className="fine">{said.fileTells}</p>
          {!file && <Editor choices={choices} onChoose={(change) => setChoices((before) => ({ ...before, ...change }))} />}
          <OrderAll projectId={projectId} items={selected} count={count ?? 0} what={file ? null : wanted(choices)} file={file?.text ?? null} />
        </>
      )}
    </section>
  )
}

/** Lines of a CSV file below its first. */
const linesOf = (text: string): number => Math.max(0, text.split(/\r\n|\r|\n/).filter((line) => line.trim()).length - 1)

interface Orders {
  projectId: string
  items: string[] | null
  count: number
  what: Wanted | null
  file: string | null
}

/** The price on its button, and what the plan lacks for it. */
function OrderAll({ projectId, items, count, what, file }: Orders) {
  const { refresh } = useApp()
  const { item: item_, together: said } = useStudioWords()
  const priceWord = usePriceWord()
  const doing = useDoing()
  const [told, setTold] = useState<{ about: string; credits: number } | null>(null)
  const about = useSettled(JSON.stringify({ items, count, what, file }))
  const key = useMemo(newKey, [about])
  const isNothing = count === 0 || (!what && !file)
  const price = useAsk<Schemas["StudioPriceAnswer"] | null>(about, async (signal) => {
    const settled = JSON.parse(about) as Omit<Orders, "projectId">
    if (!settled.count || (!settled.what && !settled.file)) return null
    const look = settled.what && "workflow" in settled.what ? settled.what : { features: ["template" as const] }
    return studioPrice(api, { ...look, items: settled.count }, signal)
  })
  const credits = told?.about === about ? told.credits : price.value?.total
  const lacking = isNothing ? null : (price.value?.notInPlan ?? null)
  const order = () =>
    doing.run(async () => {
      const settled = JSON.parse(about) as Omit<Orders, "projectId">
      try {
        // One photo alone may have been paid for in part.
        const expectedCredits = settled.count > 1 || told ? (credits ?? null) : null
        const chosen = { items: settled.items ?? (settled.file ? null : ("all" as const)), settingsCsv: settled.file }
        const ordered = await orderGenerations(api, projectId, { ...settled.what, ...chosen, expectedCredits }, key)
        go(`made/${ordered.generation.generationId}`)
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
            {isNothing ? item_.nothing : said.go(count, credits === undefined ? "…" : priceWord(credits))}
          </button>
        </div>
      )}
    </div>
  )
}

/** Batches of a project of the last days, newest first. */
export function BatchesOf({ projectId }: { projectId: string }) {
  const { together: said } = useStudioWords()
  const listed = useAsk(`batches/${projectId}`, (signal) => generations(api, { projectId, limit: 50 }, signal))
  const found = listed.value?.generations.filter((one): one is GenerationBatch => "isBatch" in one) ?? []
  if (!found.length) return <Trouble problem={listed.problem} again={listed.again} />
  return (
    <details className="card" open={found.some((one) => one.completedAt === null)}>
      <summary>{said.batches(found.length)}</summary>
      <ul className="unfolded">
        {found.map((one) => (
          <li key={one.generationId} className="row">
            <a className="link" href={`#/made/${one.generationId}`}>
              {said.done(one.progress.processedItems, one.progress.totalItems)}
            </a>
            <Pill tone={toneOf(one.status)}>{said.status[one.status]}</Pill>
          </li>
        ))}
      </ul>
    </details>
  )
}
