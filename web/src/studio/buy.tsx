import { newKey, type StudioPrice } from "lumiku-client"
import { useMemo, useState } from "react"

import { usePriceWord } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { toProblem, useApp, useAsk, useDoing } from "../state.tsx"
import { Lacking } from "./order.tsx"
import { useLast, useSettled } from "./settled.ts"

export type Priced = Pick<StudioPrice, "total" | "notInPlan">

interface Props<T> {
  /** What decides the price; null where nothing can be ordered yet, and `nothing` says why. */
  what: T | null
  nothing: string
  /** All that is ordered: a repetition of just the same is the same order. */
  said: unknown
  price: (what: T, signal: AbortSignal) => Promise<Priced>
  order: (expectedCredits: number, key: string) => Promise<void>
  label: (price: string) => string
}

/** The price on its button, what the plan lacks for it, and the order. */
export function Buy<T>({ what, nothing, said, price, order, label }: Props<T>) {
  const { refresh } = useApp()
  const priceWord = usePriceWord()
  const doing = useDoing()
  const [told, setTold] = useState<{ about: string; credits: number } | null>(null)
  const now = JSON.stringify(what)
  const about = useSettled(now)
  const key = useMemo(newKey, [JSON.stringify(said)])
  const asked = useAsk<Priced | null>(about, async (signal) => {
    const settled = JSON.parse(about) as T | null
    return settled === null ? null : price(settled, signal)
  })
  // What the service said last is today's price.
  const credits = told?.about === about ? told.credits : asked.value?.total
  const isPriced = now === about && credits !== undefined
  const seen = useLast(asked.value)
  const lacking = what === null ? null : (seen?.notInPlan ?? null)
  const buy = () =>
    doing.run(async () => {
      try {
        await order(credits!, key)
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
      <Trouble problem={doing.problem ?? asked.problem} again={doing.problem ? buy : asked.again} />
      {!lacking && (
        <div className="sticky">
          <button type="button" className="button main wide" disabled={what === null || doing.busy || !isPriced} onClick={buy}>
            {what === null ? nothing : label(isPriced ? priceWord(credits) : "…")}
          </button>
        </div>
      )}
    </div>
  )
}
