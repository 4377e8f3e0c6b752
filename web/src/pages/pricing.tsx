import { useState } from "react"

import { rememberedTier } from "../ordering.ts"
import { TierCards } from "../parts/tiers.tsx"
import { breakEven, facts, priceOf, savingIdr } from "../prices.ts"
import { useTitle } from "../routes.ts"
import { useApp } from "../state.tsx"
import { capital } from "../words/numbers.ts"

const MOST_A_MONTH = 20_000

/** What photos cost, and from when on a subscription costs less. */
export default function Pricing() {
  const { words } = useApp()
  const [tier, setTier] = useState(rememberedTier)
  const [photos, setPhotos] = useState(50)
  const [monthly, setMonthly] = useState(300)
  const price = priceOf(tier, photos)
  useTitle(words.pricing.title)
  return (
    <section className="pricing">
      <h1>{words.pricing.title}</h1>
      <p className="tells">{words.pricing.tells}</p>
      <div className="two">
        <div className="card">
          <TierCards tier={tier} onTier={setTier} compact />
          <Amount label={words.pricing.howMany} value={photos} max={facts.batch.max} onValue={setPhotos} />
          <Amount label={words.pricing.monthly} value={monthly} max={MOST_A_MONTH} onValue={setMonthly} />
          <ul className="bands" aria-label={words.pricing.discounts}>
            {facts.discounts
              .filter(({ percent }) => percent > 0)
              .toReversed()
              .map(({ from, percent }) => (
                <li key={from} className={percent === price.percent ? "here" : undefined}>
                  <strong>−{words.percent(percent)}</strong> {words.pricing.from(from)}
                </li>
              ))}
          </ul>
        </div>
        <div className="card sum" aria-live="polite">
          <p className="fine">{words.pricing.total}</p>
          <p className="big">{words.credits(price.total)}</p>
          <p>{words.rupiah(price.total * facts.idrPerCredit)}</p>
          <p className="fine">{words.pricing.each(price.total / photos)}</p>
          {price.discount > 0 && <p className="saved">{words.pricing.off(price.discount, price.percent)}</p>}
        </div>
      </div>
      <h2>{words.pricing.compare}</h2>
      <div className="plans">
        <article className="card">
          <h3>{words.pricing.withCredits}</h3>
          <p className="big">{words.rupiah(Math.floor((monthly * price.total * facts.idrPerCredit) / photos))}</p>
          <p className="fine">{words.pricing.perMonth}</p>
        </article>
        {facts.plans.map((plan) => {
          const even = breakEven(plan.name, tier, photos)
          const saving = savingIdr(plan.name, tier, photos, monthly)
          return (
            <article key={plan.name} className={saving !== null && saving > 0 ? "card best" : "card"}>
              <h3>{capital(plan.name)}</h3>
              <p className="big">{words.rupiah(plan.price)}</p>
              <p className="fine">
                {words.pricing.perMonth} · {words.plan.perDay(plan.dailyQuota)}
              </p>
              {even === null ? (
                <p>{plan.allowedTiers.includes(tier) ? words.pricing.tooMany : words.pricing.notIncluded}</p>
              ) : (
                <>
                  <p>{words.pricing.breakEven(even)}</p>
                  <p className={saving !== null && saving > 0 ? "saved" : "fine"}>
                    {saving === null ? words.pricing.tooMany : saving >= 0 ? words.pricing.saves(saving) : words.pricing.costsMore(-saving)}
                  </p>
                </>
              )}
              <a className="button quiet wide" href="#/plan">
                {words.pricing.take}
              </a>
            </article>
          )
        })}
      </div>
    </section>
  )
}

function Amount({ label, value, max, onValue }: { label: string; value: number; max: number; onValue: (value: number) => void }) {
  const set = (text: string) => onValue(Math.max(1, Math.min(max, Math.round(Number(text)) || 1)))
  return (
    <div className="amount">
      <label className="field">
        <span>{label}</span>
        <input type="number" min="1" max={max} value={value} onChange={(event) => set(event.target.value)} />
      </label>
      <input type="range" min="1" max={max} value={value} aria-label={label} onChange={(event) => set(event.target.value)} />
    </div>
  )
}
