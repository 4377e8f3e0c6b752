import { answer, newKey } from "lumiku-client"
import { useMemo, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Paying, PayNow } from "../parts/paying.tsx"
import { Lines } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useTitle } from "../routes.ts"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { useStudioWords } from "./words.ts"

/** The studio's plans, each with what it brings. */
export default function StudioPlans() {
  const { words, refresh } = useApp()
  const { plans: said, item } = useStudioWords()
  const asked = useAsk("studio-plan", () => answer(api.GET("/api/apps/product-photo-studio/subscription")))
  const [payment, setPayment] = useState<Schemas["PaymentBody"] | null>(null)
  const key = useMemo(newKey, [payment])
  const doing = useDoing()
  useTitle(said.title)
  const changed = () => (refresh(), asked.again())
  const take = (plan: "professional" | "premium") =>
    doing.run(async () => {
      const taken = await answer(
        api.POST("/api/apps/product-photo-studio/subscription", { params: { header: { "Idempotency-Key": key } }, body: { plan } }),
      )
      if (taken.payment) setPayment(taken.payment)
      changed()
    })
  const open = asked.value?.payment
  return (
    <section>
      <h1>{said.title}</h1>
      <p className="tells">{said.tells}</p>
      <Trouble problem={asked.problem ?? doing.problem} again={asked.again} />
      {open && open.paymentId !== payment?.paymentId && <Paying key={open.paymentId} payment={open} onOver={changed} />}
      {payment && <PayNow key={payment.paymentId} payment={payment} onOver={changed} />}
      {!asked.value && !asked.problem && <Lines count={6} />}
      <div className="plans">
        {asked.value && (
          <article className="card">
            <h2>{said.payg}</h2>
            <p>{said.paygTells}</p>
            <a className="button quiet" href="#/plan">
              {item.topUp}
            </a>
          </article>
        )}
        {asked.value?.plans.filter((plan) => plan.price > 0).map((plan) => {
          const isMine = asked.value?.plan === plan.name && asked.value.status === "active"
          return (
            <article key={plan.name} className={plan.name === "premium" ? "card" : "card best"}>
              <h2>{said.names[plan.name]}</h2>
              <p className="big">{words.rupiah(plan.price)}</p>
              <ul className="brings">
                {[said.monthly(plan.monthlyCredits), said.further(plan.idrPerCredit), ...(said.brings[plan.name] ?? [])].map((line) => (
                  <li key={line}>
                    <Icon name="check" /> {line}
                  </li>
                ))}
              </ul>
              <button type="button" className="button" disabled={doing.busy || isMine} onClick={() => take(plan.name as "professional" | "premium")}>
                {isMine ? said.current : said.take(said.names[plan.name], words.rupiah(plan.price))}
              </button>
            </article>
          )
        })}
      </div>
    </section>
  )
}
