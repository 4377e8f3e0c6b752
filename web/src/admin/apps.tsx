import { answer, type Scope } from "lumiku-client"
import { type FormEvent, useRef, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { useConnectionWords } from "../pages/connection-words.ts"
import { Lines } from "../parts/small.tsx"
import { Sure } from "../parts/sure.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { useAdminWords } from "./words.ts"

type App = Schemas["AppBody"]
const SCOPES: Scope[] = ["remove", "pictures", "results"]

/** The apps that accounts can connect: added, given a new secret, removed. */
export function Apps() {
  const said = useAdminWords()
  const { scopes: legend, scope: words } = useConnectionWords()
  const apps = useAsk("apps", () => answer(api.GET("/api/admin/apps")))
  const doing = useDoing()
  const [shown, setShown] = useState<Schemas["AppSecret"] | null>(null)
  const then = (what: () => Promise<Schemas["AppSecret"] | null>) =>
    doing.run(async () => {
      setShown(await what())
      apps.again()
    })
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const told = new FormData(form)
    const scopes = told.getAll("scope") as Scope[]
    const body = { name: String(told.get("name")), baseUrl: String(told.get("baseUrl")), scopes }
    then(async () => {
      const added = await answer(api.POST("/api/admin/apps", { body }))
      form.reset()
      return added
    })
  }
  return (
    <>
      <p className="tells">{said.appsTell}</p>
      <form className="card" onSubmit={add}>
        <label className="field">
          <span>{said.appName}</span>
          <input name="name" required pattern="[a-z][a-z0-9\-]{1,39}" placeholder="avatar-creator" />
          <small>{said.appNameTells}</small>
        </label>
        <label className="field">
          <span>{said.appUrl}</span>
          <input name="baseUrl" type="url" required maxLength={1024} placeholder="https://" />
        </label>
        <fieldset>
          <legend>{legend}</legend>
          {SCOPES.map((scope) => (
            <label key={scope} className="check">
              <input type="checkbox" name="scope" value={scope} defaultChecked />
              {words[scope]}
            </label>
          ))}
        </fieldset>
        <button className="button" disabled={doing.busy}>
          {said.appAdd}
        </button>
      </form>
      <Trouble problem={doing.problem ?? apps.problem} />
      {shown && (
        <Notice tone="good">
          <p>{said.appSecret(shown.name)}</p>
          <code className="file-name">{shown.secret}</code>
        </Notice>
      )}
      {!apps.value && !apps.problem && <Lines count={2} />}
      <ul className="list">
        {apps.value?.apps.map((one) => (
          <Line key={one.name} one={one} busy={doing.busy} then={then} />
        ))}
      </ul>
    </>
  )
}

interface Doings {
  one: App
  busy: boolean
  then: (what: () => Promise<Schemas["AppSecret"] | null>) => void
}

function Line({ one, busy, then }: Doings) {
  const { words } = useApp()
  const said = useAdminWords()
  const { scope } = useConnectionWords()
  const sure = useRef<HTMLDialogElement>(null)
  const params = { path: { app_name: one.name } }
  const rotate = () => answer(api.POST("/api/admin/apps/{app_name}/rotate", { params }))
  const remove = async () => {
    await answer(api.DELETE("/api/admin/apps/{app_name}", { params }))
    return null
  }
  return (
    <li>
      <div className="what">
        <strong>{one.name}</strong>
        <span className="fine file-name">{one.baseUrl}</span>
        <span className="fine">{one.scopes.map((name) => scope[name]).join(" · ")}</span>
      </div>
      <button type="button" className="button quiet small" disabled={busy} onClick={() => then(rotate)}>
        {said.appRotate} <span className="unseen">{one.name}</span>
      </button>
      <button type="button" className="button quiet small danger" disabled={busy} onClick={() => sure.current?.showModal()}>
        {said.appRemove} <span className="unseen">{one.name}</span>
      </button>
      <Sure ref={sure} asks={said.appSure(one.name)} yes={said.appRemove} no={words.cancel} onYes={() => then(remove)} />
    </li>
  )
}
