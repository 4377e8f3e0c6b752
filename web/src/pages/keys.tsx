import { answer } from "lumiku-client"
import { type FormEvent, useRef, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { Lines, Pill } from "../parts/small.tsx"
import { Sure } from "../parts/sure.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { useKeyWords } from "./keys-words.ts"

type Key = Schemas["KeyBody"]
type Shown = Schemas["ShownKey"]
const SCOPES = ["read", "remover", "studio", "webhooks", "billing"] as const

/** By which programs act for the account: made, replaced and revoked; each is shown once. */
export function Keys() {
  const said = useKeyWords()
  const keys = useAsk("keys", () => answer(api.GET("/api/keys")))
  const [shown, setShown] = useState<Shown | null>(null)
  const doing = useDoing()
  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const told = new FormData(form)
    const scopes = SCOPES.filter((scope) => told.has(scope))
    const body = { name: String(told.get("name")).trim(), mode: told.get("mode") as Key["mode"], scopes }
    doing.run(async () => {
      setShown(await answer(api.POST("/api/keys", { body })))
      form.reset()
      keys.again()
    })
  }
  const rotate = (key_id: string) =>
    doing.run(async () => {
      setShown(await answer(api.POST("/api/keys/{key_id}/rotate", { params: { path: { key_id } } })))
      keys.again()
    })
  const revoke = (key_id: string) =>
    doing.run(async () => {
      await answer(api.DELETE("/api/keys/{key_id}", { params: { path: { key_id } } }))
      if (shown?.keyId === key_id) setShown(null)
      keys.again()
    })
  return (
    <div className="card">
      <h2>{said.title}</h2>
      <p className="fine">
        {said.tells} <span className="file-name">{location.origin}/v1.0/removebg</span>
      </p>
      <form onSubmit={make}>
        <label className="field">
          <span>{said.name}</span>
          <input name="name" required maxLength={80} pattern=".*\S.*" />
        </label>
        <label className="field">
          <span>{said.mode}</span>
          <select name="mode">
            <option value="live">{said.modes.live}</option>
            <option value="test">{said.modes.test}</option>
          </select>
        </label>
        <fieldset>
          <legend>{said.scopes}</legend>
          {SCOPES.map((scope) => (
            <label key={scope} className="check">
              <input type="checkbox" name={scope} defaultChecked />
              {said.scopeNames[scope]}
            </label>
          ))}
        </fieldset>
        <button className="button quiet" disabled={doing.busy}>
          {said.make}
        </button>
      </form>
      <Trouble problem={doing.problem ?? keys.problem} />
      {shown && <Once key={shown.key} shown={shown} />}
      {!keys.value && !keys.problem && <Lines count={1} />}
      <ul className="list">
        {keys.value?.keys.map((key) => (
          <Line key={key.keyId} about={key} busy={doing.busy} onRotate={rotate} onRevoke={revoke} />
        ))}
      </ul>
    </div>
  )
}

function Once({ shown }: { shown: Shown }) {
  const said = useKeyWords()
  const text = useRef<HTMLElement>(null)
  const [isCopied, setIsCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(shown.key)
      setIsCopied(true)
    } catch {
      // Not allowed here: it is selected, to be copied by hand.
      getSelection()?.selectAllChildren(text.current!)
    }
  }
  return (
    <Notice tone="good">
      <p>{said.shown}</p>
      <code ref={text} className="file-name">
        {shown.key}
      </code>
      {shown.previousKeyUntil && <p>{said.before(shown.previousKeyUntil)}</p>}
      <button type="button" className="button quiet small" onClick={copy}>
        {isCopied ? said.copied : said.copy}
      </button>
    </Notice>
  )
}

interface Doings {
  about: Key
  busy: boolean
  onRotate: (keyId: string) => void
  onRevoke: (keyId: string) => void
}

function Line({ about, busy, onRotate, onRevoke }: Doings) {
  const { words } = useApp()
  const said = useKeyWords()
  const sure = useRef<HTMLDialogElement>(null)
  return (
    <li>
      <div className="what">
        <span className="file-name">{about.name}</span>
        <span className="fine">
          …{about.endsIn} · {about.lastUsedAt ? said.used(about.lastUsedAt) : said.never}
        </span>
      </div>
      <Pill tone={about.revokedAt ? "bad" : about.mode === "test" ? "still" : "good"}>
        {about.revokedAt ? said.revoked : said.modeShort[about.mode]}
      </Pill>
      {!about.revokedAt && (
        <>
          {about.isYours && (
            <button type="button" className="button quiet small" disabled={busy} aria-label={said.rotateName(about.name)} onClick={() => onRotate(about.keyId)}>
              {said.rotate}
            </button>
          )}
          <button type="button" className="button quiet small" disabled={busy} aria-label={said.revokeName(about.name)} onClick={() => sure.current?.showModal()}>
            {said.revoke}
          </button>
          <Sure ref={sure} asks={said.sure(about.name)} yes={said.revoke} no={words.cancel} onYes={() => onRevoke(about.keyId)} />
        </>
      )}
    </li>
  )
}
