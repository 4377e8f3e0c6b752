import { answer } from "lumiku-client"
import { type FormEvent, useEffect, useRef, useState } from "react"

import { api, type Schemas, session } from "../client.ts"
import { go } from "../routes.ts"
import { type Asked, useApp, useDoing } from "../state.tsx"
import { bytes, day } from "../words/numbers.ts"
import { Notice, Trouble } from "./trouble.tsx"

const LOOKS_MS = 15_000

/** A copy of all that is kept of the account: asked for, awaited, fetched. */
export function OwnData({ copy }: { copy: Asked<Schemas["TakeoutBody"]> }) {
  const { words, language } = useApp()
  const doing = useDoing()
  const { again, value: found } = copy
  const isPending = found?.status === "pending"
  useEffect(() => {
    if (!isPending) return
    const timer = setTimeout(again, LOOKS_MS)
    return () => clearTimeout(timer)
  }, [isPending, found])
  const ask = () =>
    doing.run(async () => {
      await answer(api.POST("/api/account/export"))
      again()
    })
  const fetchIt = () =>
    doing.run(async () => {
      const { url } = await answer(api.GET("/api/account/export/download"))
      location.assign(url)
    })
  return (
    <div className="card">
      <h2>{words.leaving.data}</h2>
      <p className="fine">{words.leaving.dataTells}</p>
      {isPending && <Notice tone="still">{words.leaving.pending}</Notice>}
      {found?.status === "ready" && (
        <button type="button" className="button wide" disabled={doing.busy} onClick={fetchIt}>
          {words.leaving.download(bytes(found.sizeBytes, language))}
        </button>
      )}
      {found?.status === "ready" && found.expiresAt && <p className="fine">{words.leaving.until(day(found.expiresAt, language))}</p>}
      {found && !isPending && (
        <button type="button" className="button quiet wide" disabled={doing.busy} onClick={ask}>
          {found.status === "none" ? words.leaving.ask : words.leaving.askAgain}
        </button>
      )}
      <Trouble problem={doing.problem ?? copy.problem} again={copy.problem ? again : undefined} />
    </div>
  )
}

/** Deletes the account once its address is typed out and its password given. */
export function DeleteAccount({ email }: { email: string }) {
  const { words } = useApp()
  const [typed, setTyped] = useState("")
  const dialog = useRef<HTMLDialogElement>(null)
  const doing = useDoing()
  const leave = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get("password"))
    doing.run(async () => {
      await answer(api.POST("/api/account/delete", { body: { email: typed, password } }))
      dialog.current?.close()
      go("")
      session.put(null)
    })
  }
  const isSame = typed.trim().toLowerCase() === email.toLowerCase()
  return (
    <div className="card">
      <h2>{words.leaving.delete}</h2>
      <p className="fine">{words.leaving.deleteTells}</p>
      <button type="button" className="button quiet danger wide" onClick={() => dialog.current?.showModal()}>
        {words.leaving.deleteOpen}
      </button>
      <dialog ref={dialog} aria-label={words.leaving.delete}>
        <form onSubmit={leave}>
          <p>{words.leaving.sure}</p>
          <label className="field">
            <span>{words.leaving.type(email)}</span>
            <input type="email" required autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
          </label>
          <label className="field">
            <span>{words.auth.password}</span>
            <input name="password" type="password" required autoComplete="current-password" />
          </label>
          <Trouble problem={doing.problem} />
          <div className="ways">
            <button type="button" className="button quiet" onClick={() => dialog.current?.close()}>
              {words.leaving.stay}
            </button>
            <button className="button danger" disabled={!isSame || doing.busy}>
              {words.leaving.deleteForEver}
            </button>
          </div>
        </form>
      </dialog>
    </div>
  )
}
