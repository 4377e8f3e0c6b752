import { answer, newKey } from "lumiku-client"
import { type FormEvent, useMemo, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { Lines, Pill } from "../parts/small.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { go, useRoute } from "../routes.ts"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { capital, day, moment } from "../words/numbers.ts"
import { useAdminWords } from "./words.ts"

type Found = Schemas["FoundAccount"]
const LIMITS = ["single", "batch", "studio"] as const

/** Somebody's account by e-mail: looked at, given credits, given limits of its own. */
export function Accounts() {
  const said = useAdminWords()
  const sought = decodeURIComponent(useRoute()[2] ?? "")
  const asked = useAsk<Found | null>(`account/${sought}`, async (signal) =>
    sought ? answer(api.GET("/api/admin/accounts", { params: { query: { email: sought } }, signal })) : null,
  )
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const email = String(new FormData(event.currentTarget).get("email")).trim()
    if (email === sought) asked.again()
    else go(`admin/accounts/${encodeURIComponent(email)}`)
  }
  const isNobody = asked.problem?.status === 404
  return (
    <>
      <form className="studio-bar" role="search" onSubmit={find}>
        <label className="field search">
          <span>{said.email}</span>
          <input key={sought} name="email" type="email" required maxLength={128} defaultValue={sought} />
        </label>
        <button className="button">{said.find}</button>
      </form>
      {isNobody ? <Notice tone="still">{said.none}</Notice> : <Trouble problem={asked.problem} again={asked.again} />}
      {sought && !asked.value && !asked.problem && <Lines count={6} />}
      {asked.value && <Account key={asked.value.userId} found={asked.value} onChanged={asked.again} />}
    </>
  )
}

function Account({ found, onChanged }: { found: Found; onChanged: () => void }) {
  const { words, language } = useApp()
  const said = useAdminWords()
  return (
    <>
      <div className="two">
        <article className="card">
          <h2 className="file-name">{found.email ?? said.unknown}</h2>
          <p className="big">{words.credits(found.balance)}</p>
          <p className="fine">
            {said.since(day(found.since, language))} · {found.status} {!found.enabled && <Pill tone="bad">{said.disabled}</Pill>}
          </p>
          <p>
            {said.plan}: {found.plan ? `${capital(found.plan.name)} (${words.plan.status[found.plan.status]}), ${said.today(found.plan.usedToday)}` : said.noPlan}
          </p>
          <p className="fine file-name">{found.userId}</p>
        </article>
        <Give userId={found.userId} onChanged={onChanged} />
      </div>
      <Limits found={found} onChanged={onChanged} />
      <h2>{said.movements}</h2>
      <ul className="list">
        {found.entries.map((entry, index) => (
          <li key={index}>
            <div className="what">
              <span>
                {words.plan.kinds[entry.kind]}
                {entry.photos > 0 && ` · ${words.photos(entry.photos)}`}
              </span>
              <span className="fine">
                {moment(entry.at, language)} · {entry.note ?? entry.reference}
              </span>
            </div>
            <strong className={entry.amount > 0 ? "amount plus" : "amount"}>{words.number(entry.amount)}</strong>
          </li>
        ))}
      </ul>
    </>
  )
}

function Give({ userId, onChanged }: { userId: string; onChanged: () => void }) {
  const said = useAdminWords()
  const [amount, setAmount] = useState(100)
  const [reason, setReason] = useState("")
  const [given, setGiven] = useState<Schemas["Granted"] | null>(null)
  const doing = useDoing()
  const key = useMemo(newKey, [amount, reason, given])
  const give = (event: FormEvent) => {
    event.preventDefault()
    doing.run(async () => {
      const params = { path: { user_id: userId }, header: { "Idempotency-Key": key } }
      setGiven(await answer(api.POST("/api/admin/accounts/{user_id}/credits", { params, body: { amount, reason: reason.trim() } })))
      setReason("")
      onChanged()
    })
  }
  return (
    <article className="card">
      <h2>{said.give}</h2>
      <form onSubmit={give}>
        <label className="field">
          <span>{said.amount}</span>
          <input type="number" min="1" max="1000000" step="1" required value={amount} onChange={(event) => setAmount(event.target.valueAsNumber || 0)} />
        </label>
        <label className="field">
          <span>{said.reason}</span>
          <input minLength={3} maxLength={500} required value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
        <button className="button" disabled={doing.busy}>
          {said.giveGo(amount)}
        </button>
      </form>
      {given && !doing.busy && <Notice tone="good">{said.given(given.amount, given.balance)}</Notice>}
      <Trouble problem={doing.problem} />
    </article>
  )
}

function Limits({ found, onChanged }: { found: Found; onChanged: () => void }) {
  const said = useAdminWords()
  const [isSet, setIsSet] = useState(false)
  const doing = useDoing()
  const put = (body: Schemas["Limits"]) =>
    doing.run(async () => {
      await answer(api.PUT("/api/admin/accounts/{user_id}/limits", { params: { path: { user_id: found.userId } }, body }))
      setIsSet(true)
      onChanged()
    })
  const change = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const limit = (name: string) => ({ count: Number(form.get(`${name}.count`)), windowSeconds: Number(form.get(`${name}.seconds`)) })
    put({ single: limit("single"), batch: limit("batch"), studio: limit("studio"), reason: String(form.get("reason")).trim() })
  }
  return (
    <details className="card">
      <summary>
        {said.limits}: {LIMITS.map((name) => `${said.limitNames[name]} ${said.limit(found.limits[name].count, found.limits[name].windowSeconds)}`).join(" · ")}
      </summary>
      <form onSubmit={change}>
        {LIMITS.map((name) => (
          <fieldset key={name} className="two">
            <legend>{said.limitNames[name]}</legend>
            <label className="field">
              <span>{said.count}</span>
              <input name={`${name}.count`} type="number" min="1" max="1000000" required defaultValue={found.limits[name].count} />
            </label>
            <label className="field">
              <span>{said.seconds}</span>
              <input name={`${name}.seconds`} type="number" min="1" max="86400" required defaultValue={found.limits[name].windowSeconds} />
            </label>
          </fieldset>
        ))}
        <label className="field">
          <span>{said.reason}</span>
          <input name="reason" minLength={3} maxLength={500} required />
        </label>
        <div className="ways">
          <button className="button" disabled={doing.busy}>
            {said.setLimits}
          </button>
          <button type="button" className="button quiet" disabled={doing.busy} onClick={() => put({})}>
            {said.usualLimits}
          </button>
        </div>
      </form>
      {isSet && !doing.busy && !doing.problem && <Notice tone="good">{said.limitsSet}</Notice>}
      <Trouble problem={doing.problem} />
    </details>
  )
}
