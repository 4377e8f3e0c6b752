import { connectApp, type Connection, connections, disconnectApp, type Scope } from "lumiku-client"
import { type FormEvent, useRef, useState } from "react"

import { api } from "../client.ts"
import { Lines } from "../parts/small.tsx"
import { Sure } from "../parts/sure.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { useConnectionWords } from "./connection-words.ts"

const CAP = 100

/** Other apps of the platform, and what each may do for the account. */
export function Connections({ mayChange }: { mayChange: boolean }) {
  const said = useConnectionWords()
  const asked = useAsk("connections", (signal) => connections(api, signal))
  return (
    <div className="card">
      <h2>{said.title}</h2>
      <p className="fine">{said.tells}</p>
      <Trouble problem={asked.problem} again={asked.again} />
      {!asked.value && !asked.problem && <Lines count={1} />}
      {asked.value?.length === 0 && <p>{said.none}</p>}
      <ul className="list">
        {asked.value?.map((one) => (
          <App key={one.app} one={one} mayChange={mayChange} onChanged={asked.again} />
        ))}
      </ul>
      {!mayChange && <p className="fine">{said.ownersOnly}</p>}
    </div>
  )
}

function App({ one, mayChange, onChanged }: { one: Connection; mayChange: boolean; onChanged: () => void }) {
  const { words } = useApp()
  const said = useConnectionWords()
  const [isOpen, setOpen] = useState(false)
  const sure = useRef<HTMLDialogElement>(null)
  const doing = useDoing()
  const { app, grant } = one
  const then = (what: () => Promise<unknown>) =>
    doing.run(async () => {
      await what()
      setOpen(false)
      onChanged()
    })
  return (
    <li className="connection">
      <div className="what">
        <strong>{app}</strong>
        <span className="fine file-name">{new URL(one.baseUrl).host}</span>
        <span className="fine">{grant ? said.may(grant.scopes, grant.spentThisMonth, grant.monthlyCap) : said.unconnected}</span>
      </div>
      {mayChange && (
        <div className="ways">
          <button type="button" className="button quiet small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {grant ? said.change : said.connect} <span className="unseen">{app}</span>
          </button>
          {grant && (
            <button type="button" className="button quiet small danger" disabled={doing.busy} onClick={() => sure.current?.showModal()}>
              {said.disconnect} <span className="unseen">{app}</span>
            </button>
          )}
        </div>
      )}
      {isOpen && <Allow one={one} busy={doing.busy} onAllow={(scopes, cap) => then(() => connectApp(api, app, scopes, cap))} />}
      <Trouble problem={doing.problem} />
      <Sure ref={sure} asks={said.sure(app)} yes={said.disconnect} no={words.cancel} onYes={() => then(() => disconnectApp(api, app))} />
    </li>
  )
}

function Allow({ one, busy, onAllow }: { one: Connection; busy: boolean; onAllow: (scopes: Scope[], monthlyCap: number) => void }) {
  const said = useConnectionWords()
  const [isNothing, setNothing] = useState(false)
  const allow = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const told = new FormData(event.currentTarget)
    const scopes = told.getAll("scope") as Scope[]
    setNothing(!scopes.length)
    if (scopes.length) onAllow(scopes, Number(told.get("cap")))
  }
  return (
    <form onSubmit={allow}>
      <fieldset>
        <legend>{said.scopes}</legend>
        {one.scopes.map((scope) => (
          <label key={scope} className="check">
            <input type="checkbox" name="scope" value={scope} defaultChecked={(one.grant ?? one).scopes.includes(scope)} />
            {said.scope[scope]}
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>{said.cap}</span>
        <input name="cap" type="number" inputMode="numeric" required min={0} max={1_000_000} step={1} defaultValue={one.grant?.monthlyCap ?? CAP} />
        <small>{said.capTells}</small>
      </label>
      {isNothing && <Notice tone="bad">{said.nothing}</Notice>}
      <button className="button" disabled={busy}>
        {one.grant ? said.save : said.allow(one.app)}
      </button>
    </form>
  )
}
