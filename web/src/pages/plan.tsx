import { answer, newKey } from "lumiku-client"
import { useRef, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { Ledger } from "../parts/ledger.tsx"
import { Paying, PayNow } from "../parts/paying.tsx"
import { Bar, Pill, toneOf } from "../parts/small.tsx"
import { Sure } from "../parts/sure.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { facts } from "../prices.ts"
import { useTitle } from "../routes.ts"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { capital, day, moment } from "../words/numbers.ts"

type Subscription = Schemas["SubscriptionBody"]
type Payment = Schemas["PaymentBody"]

const PACKAGES = 5 // as many are awaited
const USABLE = new Set(["active", "grace_period", "cancelled"])

/** What an account has: balance, plan, quota; and how it gets more. */
export default function Plan() {
  const { words, credits, refresh } = useApp()
  const subscription = useAsk<Subscription>("subscription", () => answer(api.GET("/api/apps/background-remover/subscription")))
  const [payment, setPayment] = useState<Payment | null>(null)
  const [round, setRound] = useState(0)
  useTitle(words.plan.title)
  const changed = () => {
    refresh()
    subscription.again()
    setRound((before) => before + 1)
  }
  const open = subscription.value?.payment
  return (
    <section>
      <h1>{words.plan.title}</h1>
      <div className="two wallet">
        <Balance credits={credits} />
        {subscription.value ? <PlanCard plan={subscription.value} onChanged={changed} /> : <span className="skeleton" />}
      </div>
      <Trouble problem={subscription.problem} again={subscription.again} />
      {open && open.paymentId !== payment?.paymentId && <Paying key={open.paymentId} payment={open} onOver={changed} />}
      {payment && <PayNow key={payment.paymentId} payment={payment} onOver={changed} />}
      <TopUps onPayment={setPayment} />
      <h2>{words.plan.plans}</h2>
      <Plans plan={subscription.value} onPayment={(payment) => (setPayment(payment), changed())} />
      <Ledger key={round} />
    </section>
  )
}

function Balance({ credits }: { credits: Schemas["Credits"] | null }) {
  const { words, language } = useApp()
  return (
    <article className="card">
      <h2>{words.plan.balance}</h2>
      <p className="big">{credits ? words.credits(credits.balance) : "…"}</p>
      {credits?.granted.map((lot) => (
        <p key={lot.expiresAt} className="fine">
          {words.plan.granted(lot.credits, day(lot.expiresAt, language))}
        </p>
      ))}
      <p className="fine">{words.plan.topUpTells}</p>
    </article>
  )
}

function PlanCard({ plan, onChanged }: { plan: Subscription; onChanged: () => void }) {
  const { words, language } = useApp()
  const doing = useDoing()
  const dialog = useRef<HTMLDialogElement>(null)
  if (!plan.plan || !plan.status) {
    return (
      <article className="card">
        <h2>{words.plan.none}</h2>
        <p>{words.plan.noneTells}</p>
      </article>
    )
  }
  const { quotas, billing } = plan
  const cancel = () =>
    doing.run(async () => {
      await answer(api.DELETE("/api/apps/background-remover/subscription"))
      onChanged()
    })
  const until = billing?.periodEnd ? day(billing.periodEnd, language) : null
  return (
    <article className="card">
      <h2>
        {capital(plan.plan)} <Pill tone={toneOf(plan.status)}>{words.plan.status[plan.status]}</Pill>
      </h2>
      {quotas && USABLE.has(plan.status) && (
        <>
          <p>
            {words.plan.quota}: <strong>{words.plan.quotaLeft(quotas.daily.remaining, quotas.daily.limit)}</strong>
          </p>
          <Bar value={quotas.daily.remaining} max={quotas.daily.limit} label={words.plan.quota} />
          {quotas.professionalTier && (
            <>
              <p>
                {words.plan.professional}: <strong>{words.plan.quotaLeft(quotas.professionalTier.remaining, quotas.professionalTier.limit)}</strong>
              </p>
              <Bar value={quotas.professionalTier.remaining} max={quotas.professionalTier.limit} label={words.plan.professional} />
            </>
          )}
          <p className="fine">{words.plan.resets(moment(quotas.daily.resetsAt, language))}</p>
        </>
      )}
      {until && <p className="fine">{plan.status === "active" ? words.plan.renews(until) : words.plan.until(until)}</p>}
      {plan.status === "active" && (
        <button type="button" className="button quiet danger" onClick={() => dialog.current?.showModal()} disabled={doing.busy}>
          {words.plan.cancel}
        </button>
      )}
      <Sure ref={dialog} asks={words.plan.cancelSure} yes={words.plan.cancelYes} no={words.plan.cancelNo} onYes={cancel} />
      <Trouble problem={doing.problem} />
    </article>
  )
}

function TopUps({ onPayment }: { onPayment: (payment: Payment) => void }) {
  const { words } = useApp()
  const packages = useAsk("packages", () => answer(api.GET("/api/credits/packages")))
  const doing = useDoing()
  const buy = (name: string) =>
    doing.run(async () => {
      const header = { "Idempotency-Key": newKey() }
      onPayment(await answer(api.POST("/api/credits/topups", { params: { header }, body: { package: name } })))
    })
  return (
    <>
      <h2>{words.plan.topUp}</h2>
      <div className="packages">
        {!packages.value && !packages.problem && Array.from({ length: PACKAGES }, (_, n) => <span key={n} className="skeleton" />)}
        {packages.value?.packages.map((one) => (
          <button key={one.name} type="button" className="button quiet" disabled={doing.busy} onClick={() => buy(one.name)}>
            {words.plan.buy(one.credits, words.rupiah(one.price))}
          </button>
        ))}
      </div>
      <Trouble problem={doing.problem ?? packages.problem} />
    </>
  )
}

function Plans({ plan, onPayment }: { plan: Subscription | null; onPayment: (payment: Payment) => void }) {
  const { words } = useApp()
  const doing = useDoing()
  const takes = (name: "starter" | "pro") =>
    doing.run(async () => {
      const header = { "Idempotency-Key": newKey() }
      const taken = await answer(api.POST("/api/apps/background-remover/subscription", { params: { header }, body: { plan: name } }))
      if (taken.payment) onPayment(taken.payment)
    })
  return (
    <div className="plans">
      {facts.plans.map((offer) => {
        const { name } = offer
        const isMine = plan?.plan === name && plan.status === "active"
        const word = plan?.plan === name && plan.status === "cancelled" ? words.plan.resume : words.plan.take
        return (
          <article key={name} className={isMine ? "card best" : "card"}>
            <h3>{capital(name)}</h3>
            <p>{words.plan.perDay(offer.dailyQuota)}</p>
            {offer.professionalQuota && <p>{words.plan.proPerDay(offer.professionalQuota)}</p>}
            <p className="fine">{words.plan.tiers(offer.allowedTiers.map((tier) => words.tiers[tier].name).join(", "))}</p>
            {isMine ? (
              <Pill tone="good">{words.plan.status.active}</Pill>
            ) : (
              <button type="button" className="button wide" disabled={doing.busy || !plan} onClick={() => takes(name)}>
                {word(capital(name), words.rupiah(offer.price))}
              </button>
            )}
          </article>
        )
      })}
      <Trouble problem={doing.problem} />
    </div>
  )
}
