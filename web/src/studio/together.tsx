import { everyItem, itemQuote, orderGenerations, project, type StudioPrice, studioPrice, type Wanted } from "lumiku-client"
import { useState } from "react"

import { api } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Lines } from "../parts/small.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { facts } from "../prices.ts"
import { go, useTitle } from "../routes.ts"
import { useAsk } from "../state.tsx"
import { Buy, type Priced } from "./buy.tsx"
import { Editor } from "./editor.tsx"
import { FIRST, takeTemplate, wanted } from "./looks.ts"
import { usePlan } from "./plan.ts"
import { rememberSelection, takeSelection } from "./selection.ts"
import { useStudioWords } from "./words.ts"

const MOST = facts.studio.batch.premium

/** Many photos of a project: what shall become of all of them, or of each by a file. */
export default function Together({ projectId }: { projectId: string }) {
  const { item: item_, together: said } = useStudioWords()
  const about = useAsk(projectId, () => project(api, projectId))
  const plan = usePlan()
  const [selected, setSelected] = useState(() => takeSelection("together", projectId))
  const [choices, setChoices] = useState(() => ({ ...FIRST, way: "template" as const, template: takeTemplate() }) as typeof FIRST)
  const [file, setFile] = useState<{ name: string; text: string } | null>(null)
  useTitle(said.title)
  const total = about.value?.itemCount ?? null
  const most = plan.value && mostAtOnce(plan.value)
  const isTooMany = most !== null && total !== null && !selected && total > most
  const every = useAsk(`${projectId}/${isTooMany}`, async (signal) => {
    return isTooMany ? (await everyItem(api, projectId, {}, signal)).map(({ itemId }) => itemId) : null
  })
  // A file alone says itself which photos it is about.
  const isByFile = file !== null && !selected
  const meant = isByFile ? null : (selected ?? every.value)
  const problem = about.problem ?? plan.problem ?? every.problem
  const isKnown = total !== null && most !== null && (!isTooMany || every.value !== null)
  return (
    <section className="narrow">
      <a className="link back" href={`#/studio/${projectId}`}>
        <Icon name="back" /> {about.value?.name ?? item_.back}
      </a>
      <h1>{said.title}</h1>
      <p className="fine">{said.tells}</p>
      <Trouble problem={problem} again={() => (about.again(), plan.again(), every.again())} />
      {!isKnown && !problem && <Lines count={4} />}
      {isKnown && (
        <>
          <div className="row">
            <strong>{selected ? said.selected(selected.length) : said.all(total)}</strong>
            {selected && selected.length < total && (
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
          {meant && meant.length > most && (
            <Notice tone="still">
              <p>{said.bounded(most, meant.length)}</p>
              {most < MOST && (
                <a className="link" href="#/plans">
                  {said.plans}
                </a>
              )}
            </Notice>
          )}
          <OrderAll
            projectId={projectId}
            items={meant?.slice(0, most) ?? null}
            later={meant?.slice(most) ?? []}
            count={isByFile ? linesOf(file.text) : Math.min(most, meant?.length ?? total)}
            what={file ? null : wanted(choices)}
            file={file?.text ?? null}
          />
        </>
      )}
    </section>
  )
}

/** How many photos one order of that plan can have; what cannot be ordered at all is bounded by no plan. */
function mostAtOnce(plan: StudioPrice["plan"]): number {
  const most = facts.studio.batch[plan]
  return most > 1 ? most : MOST
}

/** Lines of a CSV file below its first. */
const linesOf = (text: string): number => Math.max(0, text.split(/\r\n|\r|\n/).filter((line) => line.trim()).length - 1)

interface Orders {
  projectId: string
  items: string[] | null
  /** Photos that are meant as well, and more than one order may have. */
  later: string[]
  count: number
  what: Wanted | null
  file: string | null
}

function OrderAll({ projectId, items, later, count, what, file }: Orders) {
  const { item: item_, together: said } = useStudioWords()
  const chosen = { ...what, items: items ?? (file ? null : ("all" as const)), settingsCsv: file }
  return (
    <Buy
      what={count && (what || file) ? { items, count, what } : null}
      nothing={item_.nothing}
      said={chosen}
      price={priceOf}
      label={(price) => said.go(count, price)}
      order={async (expectedCredits, key) => {
        const ordered = await orderGenerations(api, projectId, { ...chosen, expectedCredits }, key)
        rememberSelection("together", projectId, later)
        go(`made/${ordered.generation.generationId}`)
      }}
    />
  )
}

async function priceOf({ items, count, what }: Pick<Orders, "items" | "count" | "what">, signal: AbortSignal): Promise<Priced> {
  if (items?.length === 1 && what) {
    // One photo alone may have been paid for in part.
    const quote = await itemQuote(api, items[0]!, what, signal)
    return { total: quote.price.total, notInPlan: quote.notInPlan }
  }
  const look = what && "workflow" in what ? what : { features: ["template" as const] }
  return studioPrice(api, { ...look, items: count }, signal)
}
