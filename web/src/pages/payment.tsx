import { answer } from "lumiku-client"

import { api } from "../client.ts"
import { Paying } from "../parts/paying.tsx"
import { Lines } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useTitle } from "../routes.ts"
import { useApp, useAsk } from "../state.tsx"

/** Where people are after the gateway's page: what became of one payment. */
export default function Payment({ paymentId }: { paymentId: string }) {
  const { words, refresh } = useApp()
  const payment = useAsk(`payment/${paymentId}`, () =>
    answer(api.GET("/api/payments/{payment_id}", { params: { path: { payment_id: paymentId } } })),
  )
  useTitle(words.plan.payment)
  return (
    <section className="narrow">
      <h1>{words.plan.payment}</h1>
      <Trouble problem={payment.problem} again={payment.again} />
      {!payment.value && !payment.problem && <Lines count={1} />}
      {payment.value && <Paying payment={payment.value} onOver={refresh} />}
      <a className="button quiet" href="#/plan">
        {words.plan.title}
      </a>
    </section>
  )
}
