import { answer } from "lumiku-client"
import { type FormEvent, useState } from "react"

import { api, session, workspace } from "../client.ts"
import { DeleteAccount, OwnData } from "../parts/leaving.tsx"
import { Lines, Pill, toneOf } from "../parts/small.tsx"
import { ThemeChoice } from "../parts/theme.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { go, useTitle } from "../routes.ts"
import { useApp, useAsk, useDoing } from "../state.tsx"
import type { Language } from "../words/numbers.ts"
import { OwnBrand } from "./brand.tsx"
import { Connections } from "./connections.tsx"
import { Keys } from "./keys.tsx"
import { Team } from "./team.tsx"

const TABS = ["person", "team", "apps", "keys", "brand", "webhooks"] as const
const OF_MEMBERS: readonly string[] = ["team", "apps"]

/** Who is logged in, for whom they act, by what programs do, and who is told of finished batches. */
export default function Account({ about }: { about: string }) {
  const { words } = useApp()
  const acted = workspace.get()
  const mayManage = !acted || acted.role === "owner" || acted.role === "admin"
  const tabs = TABS.filter((name) => (name === "person" ? !acted : mayManage || OF_MEMBERS.includes(name)))
  const shown = tabs.find((name) => name === about) ?? tabs[0]!
  useTitle(`${words.account.title} · ${words.account.tabs[shown]}`)
  return (
    <section className="narrow">
      <h1>{words.account.title}</h1>
      <nav className="tabs" aria-label={words.account.title}>
        {tabs.map((name) => (
          <a key={name} href={`#/account/${name}`} aria-current={name === shown ? "page" : undefined}>
            {words.account.tabs[name]}
          </a>
        ))}
      </nav>
      {shown === "person" && <Person />}
      {shown === "team" && <Team acted={acted} mayManage={mayManage} />}
      {shown === "apps" && <Connections mayChange={!acted} />}
      {shown === "keys" && <Keys />}
      {shown === "brand" && <OwnBrand />}
      {shown === "webhooks" && <Webhooks />}
      {acted && shown === tabs[0] && <LogOut />}
    </section>
  )
}

function LogOut() {
  const { words } = useApp()
  const leave = () => {
    go("")
    session.put(null)
  }
  return (
    <button type="button" className="button quiet wide" onClick={leave}>
      {words.account.logout}
    </button>
  )
}

function Person() {
  const { words, language, setLanguage } = useApp()
  const account = useAsk("account", () => answer(api.GET("/api/account")))
  const copy = useAsk("export", () => answer(api.GET("/api/account/export")))
  // What stands below waits for how high this becomes.
  const isKnown = (account.value || account.problem) && (copy.value || copy.problem)
  const doing = useDoing()
  const speak = (chosen: Language) => {
    setLanguage(chosen)
    doing.run(async () => {
      await answer(api.PATCH("/api/account", { body: { language: chosen } }))
    })
  }
  const report = (monthlyReport: boolean) =>
    doing.run(async () => {
      await answer(api.PATCH("/api/account", { body: { monthlyReport } }))
      account.again()
    })
  return (
    <>
      <div className="card">
        <p>
          <span className="fine">{words.account.email}</span>
          <br />
          <strong className="file-name">{account.value?.email ?? "…"}</strong>
        </p>
        <label className="field">
          <span>{words.account.language}</span>
          <select value={language} onChange={(event) => speak(event.target.value as Language)}>
            <option value="id">{words.account.languages.id}</option>
            <option value="en">{words.account.languages.en}</option>
          </select>
          <small>{words.account.languageTells}</small>
        </label>
        <ThemeChoice />
        <label className="check">
          <input
            type="checkbox"
            checked={account.value?.monthlyReport ?? true}
            disabled={!account.value || doing.busy}
            onChange={(event) => report(event.target.checked)}
          />
          {words.account.report}
        </label>
        <Trouble problem={doing.problem ?? account.problem} again={account.again} />
      </div>
      <OwnData copy={copy} />
      {!isKnown && <Lines count={2} />}
      {isKnown && account.value?.email && !account.value.admin && <DeleteAccount email={account.value.email} />}
      {account.value?.admin && (
        <a className="button quiet wide" href="#/admin">
          {words.account.admin}
        </a>
      )}
      {isKnown && <LogOut />}
    </>
  )
}

function Webhooks() {
  const { words } = useApp()
  const hooks = useAsk("webhooks", () => answer(api.GET("/api/webhooks")))
  const [secret, setSecret] = useState<string | null>(null)
  const doing = useDoing()
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const url = String(new FormData(form).get("url"))
    doing.run(async () => {
      setSecret((await answer(api.POST("/api/webhooks", { body: { url } }))).secret)
      form.reset()
      hooks.again()
    })
  }
  const remove = (webhookId: string) =>
    doing.run(async () => {
      await answer(api.DELETE("/api/webhooks/{webhook_id}", { params: { path: { webhook_id: webhookId } } }))
      hooks.again()
    })
  const rotate = (webhookId: string) =>
    doing.run(async () => {
      const params = { path: { webhook_id: webhookId } }
      setSecret((await answer(api.POST("/api/webhooks/{webhook_id}/rotate", { params }))).secret)
    })
  return (
    <div className="card">
      <h2>{words.account.webhooks}</h2>
      <p className="fine">{words.account.webhooksTells}</p>
      <form onSubmit={add}>
        <label className="field">
          <span>{words.account.webhookUrl}</span>
          <input name="url" type="url" required placeholder="https://" />
        </label>
        <button className="button quiet" disabled={doing.busy}>
          {words.account.webhookAdd}
        </button>
      </form>
      <Trouble problem={doing.problem ?? hooks.problem} />
      {secret && (
        <Notice tone="good">
          <p>{words.account.webhookSecret}</p>
          <code>{secret}</code>
        </Notice>
      )}
      {!hooks.value && !hooks.problem && <Lines count={1} />}
      <ul className="list">
        {hooks.value?.webhooks.map((hook) => (
          <li key={hook.webhookId}>
            <span className="what file-name">{hook.url}</span>
            <Pill tone={toneOf(hook.status)}>{words.account.statuses[hook.status]}</Pill>
            <button type="button" className="button quiet small" disabled={doing.busy} aria-label={words.account.webhookRotate(hook.url)} onClick={() => rotate(hook.webhookId)}>
              {words.account.rotate}
            </button>
            <button type="button" className="button quiet small" disabled={doing.busy} aria-label={words.account.webhookDelete(hook.url)} onClick={() => remove(hook.webhookId)}>
              {words.account.delete}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
