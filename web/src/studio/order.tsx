import { ApiProblem, type Item, type ItemQuote, itemQuote, madeBy, newKey, orderGeneration, type Variation, variations, type Wanted } from "lumiku-client"
import { useEffect, useMemo, useRef, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { usePriceWord } from "../parts/small.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { toProblem, useApp, useAsk, useDoing } from "../state.tsx"
import { useLast, useSettled } from "./settled.ts"
import { useStudioWords } from "./words.ts"

/** The price on its button, what the plan lacks for it, and the order on its way; of an item of which so many pictures are `made`. */
export function Order({ one, what, made: count, onMade }: { one: Item; what: Wanted | null; made: number; onMade: (variation: Variation) => void }) {
  const { refresh } = useApp()
  const { item: said } = useStudioWords()
  const priceWord = usePriceWord()
  const doing = useDoing()
  const [told, setTold] = useState<{ about: string; credits: number } | null>(null)
  const [made, setMade] = useState<number | null>(null)
  const stop = useRef(new AbortController())
  const about = useSettled(JSON.stringify(what))
  const key = useMemo(newKey, [about])
  const price = useAsk<ItemQuote | null>(`${about}/${count}`, async (signal) => {
    const settled = JSON.parse(about) as Wanted | null
    return settled ? itemQuote(api, one.itemId, settled, signal) : null
  })
  useEffect(() => {
    stop.current = new AbortController()
    return () => stop.current.abort()
  }, [])
  useEffect(() => setMade(null), [about])
  // What the service said last is today's price.
  const credits = told?.about === about ? told.credits : price.value?.credits
  const seen = useLast(price.value)
  const lacking = what ? (seen?.notInPlan ?? null) : null
  const order = () =>
    doing.run(async () => {
      const settled = JSON.parse(about) as Wanted
      try {
        const ordered = await orderGeneration(api, one.itemId, settled, credits ?? null, key)
        refresh()
        const made = ordered.variation ?? (await variationOf(one, ordered.generation, stop.current.signal))
        onMade(made)
        setMade(ordered.variation ? 0 : made.creditsUsed)
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
      <PriceParts price={what && !seen?.variationId ? (seen?.price ?? null) : null} />
      {what && seen?.prompt && <PromptRead read={seen.prompt} />}
      {lacking && <Lacking lacking={lacking} />}
      <Trouble problem={doing.problem ?? price.problem} again={doing.problem ? order : price.again} />
      {made !== null && <Notice tone="good">{said.made(made)}</Notice>}
      {!lacking && (
        <div className="sticky">
          {doing.busy && (
            <p className="fine" role="status">
              {said.makingTells}
            </p>
          )}
          <button type="button" className="button main wide" disabled={!what || doing.busy || credits === undefined} onClick={order}>
            {buttonTells()}
          </button>
        </div>
      )}
    </div>
  )

  function buttonTells(): string {
    if (!what) return said.nothing
    if (doing.busy) return `${said.making}…`
    if (credits === undefined) return said.go("…")
    return said.go(credits === 0 ? said.free : priceWord(credits))
  }
}

async function variationOf(one: Item, generation: Schemas["GenerationBody"] | null, signal: AbortSignal): Promise<Variation> {
  const seen = await madeBy(api, generation?.generationId ?? "", signal)
  const { variations: all } = await variations(api, one.itemId)
  const found = all.find(({ variationId }) => variationId === seen.variationId)
  if (found) return found
  throw new ApiProblem(422, { code: seen.error?.code ?? "failed", detail: seen.error?.message ?? seen.status })
}

/** What is known of a description's words, and who paints the scene. */
function PromptRead({ read }: { read: Schemas["PromptRead"] }) {
  const { item: said } = useStudioWords()
  return (
    <div className="fine">
      {read.understood.length > 0 && <p>{said.understood(read.understood.join(", "))}</p>}
      {read.ignored.length > 0 && <p>{said.ignored(read.ignored.join(", "))}</p>}
      <p>{said.sources[read.source]}</p>
    </div>
  )
}

function PriceParts({ price }: { price: Schemas["StudioPrice"] | null }) {
  const { words } = useApp()
  const { item: said, features } = useStudioWords()
  if (!price) return null
  return (
    <dl className="price-list" aria-label={said.parts}>
      {price.parts.map((part) => (
        <div key={part.name}>
          <dt>{features[part.name] ?? part.name}</dt>
          <dd>{words.number(part.credits)}</dd>
        </div>
      ))}
      {price.discount > 0 && (
        <div className="saved">
          <dt>
            {said.bundle} {words.percent(price.discountPercent)}
          </dt>
          <dd>−{words.number(price.discount)}</dd>
        </div>
      )}
    </dl>
  )
}

/** What the plan lacks, and the least that has it. */
export function Lacking({ lacking }: { lacking: Schemas["Lacking"] }) {
  const { item: said, plans } = useStudioWords()
  const plan = lacking.availableIn
  return (
    <Notice tone="still">
      <p>
        <strong>{said.lacks}</strong>
      </p>
      <p>{said.lacksTells(lacking.missing.join(", "))}</p>
      <div className="ways">
        {plan === null && <p>{said.noPlan}</p>}
        {plan === "payg" && (
          <a className="button small" href="#/plan">
            {said.topUp}
          </a>
        )}
        {plan && (
          <a className={`button small ${plan === "payg" ? "quiet" : ""}`} href="#/plans">
            {said.seePlan(plans.names[plan])}
          </a>
        )}
      </div>
    </Notice>
  )
}
