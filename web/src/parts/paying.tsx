import { answer } from "lumiku-client"
import { useEffect, useRef, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { useApp } from "../state.tsx"
import { capital } from "../words/numbers.ts"
import { Notice } from "./trouble.tsx"

type Payment = Schemas["PaymentBody"]
const EVERY_MS = 2_500

/** A payment that was just asked for, over everything else until it is closed. */
export function PayNow({ payment, onOver }: { payment: Payment; onOver: () => void }) {
  const { words } = useApp()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-label={words.plan.waiting}>
      <Paying payment={payment} onOver={onOver} />
      <form method="dialog">
        <button className="button quiet wide">{words.close}</button>
      </form>
    </dialog>
  )
}

/** A payment that is open: the way to the gateway's page, and what becomes of it. */
export function Paying({ payment, onOver }: { payment: Payment; onOver: () => void }) {
  const { words } = useApp()
  const [{ status, checkoutUrl }, setSeen] = useState(payment)
  const told = useRef(onOver)
  told.current = onOver
  useEffect(() => {
    if (status !== "pending" && status !== "failed") return
    const timer = setInterval(() => {
      if (document.hidden) return
      answer(api.GET("/api/payments/{payment_id}", { params: { path: { payment_id: payment.paymentId } } })).then(
        (seen) => {
          if (seen.status === status && seen.checkoutUrl === checkoutUrl) return
          setSeen(seen)
          if (seen.status !== status) told.current()
        },
        () => undefined, // asked again soon
      )
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [payment.paymentId, status, checkoutUrl])
  if (status === "paid") return <Notice tone="good">{words.plan.paid}</Notice>
  if (status === "expired" || status === "refunded") return <Notice tone="bad">{words.plan.over[status]}</Notice>
  const what = payment.credits ? words.credits(payment.credits) : capital(payment.plan ?? "")
  return (
    <Notice tone={status === "failed" ? "bad" : "still"}>
      <p>
        <strong>{status === "failed" ? words.plan.declined : words.plan.waiting}</strong>
      </p>
      {status === "pending" && <p>{words.plan.waitingTells(what)}</p>}
      {!checkoutUrl && <p>{words.plan.noGateway}</p>}
      {checkoutUrl && (
        <a className="button" href={checkoutUrl} target="_blank" rel="noreferrer">
          {words.plan.pay(words.rupiah(payment.amount))}
        </a>
      )}
    </Notice>
  )
}
