import { answer, logIn } from "lumiku-client"
import { type FormEvent, type ReactNode, useState } from "react"

import { api, session } from "../client.ts"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { go, useTitle } from "../routes.ts"
import { useApp, useDoing } from "../state.tsx"

type Which = "login" | "register" | "confirm" | "forgot" | "reset"

// The address goes with a person from form to form, and what was just done is told on the next one.
const carried = { email: "", told: null as "confirmed" | "changed" | null }

/** Everything around a log-in. What was chosen before waits, and is gone on with afterwards; so is the page
 * on which a session was over. */
export function Auth({ which, isOver = false }: { which: Which; isOver?: boolean }) {
  const { words, language, chosen } = useApp()
  const doing = useDoing()
  const [isResent, setResent] = useState(false)
  const [email, setEmail] = useState(carried.email)
  const tells = words.auth[which]
  const needsCode = which === "confirm" || which === "reset"
  const told = which === "login" ? carried.told : null
  useTitle(tells.title)

  const keep = (typed: string) => {
    carried.email = typed
    setEmail(typed)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const field = (name: string) => String(form.get(name) ?? "").trim()
    const password = String(form.get("password") ?? "")
    carried.told = null
    doing.run(async () => {
      switch (which) {
        case "login":
          return enter(email, password)
        case "register":
          await answer(api.POST("/api/auth/register", { body: { email, password, language } }))
          return go("confirm")
        case "confirm":
          await answer(api.POST("/api/auth/confirm", { body: { email, code: field("code") } }))
          carried.told = "confirmed"
          return go("login")
        case "forgot":
          await answer(api.POST("/api/auth/forgot", { body: { email } }))
          return go("reset")
        case "reset":
          await answer(api.POST("/api/auth/reset", { body: { email, code: field("code"), password } }))
          carried.told = "changed"
          return go("login")
      }
    })
  }
  const enter = async (email: string, password: string) => {
    await logIn(api, session, email, password)
    if (chosen.length > 1) go("batch")
    else if (["", "login"].includes(location.hash.slice(2))) go("")
  }
  const resend = () =>
    doing.run(async () => {
      await answer(which === "confirm" ? api.POST("/api/auth/resend", { body: { email } }) : api.POST("/api/auth/forgot", { body: { email } }))
      setResent(true)
    })

  return (
    <section className="narrow auth">
      <h1>{tells.title}</h1>
      <p className="tells">{typeof tells.tells === "function" ? tells.tells(email) : tells.tells}</p>
      {chosen.length > 0 && <Notice tone="still">{words.auth.waiting(chosen.length)}</Notice>}
      {isOver && <Notice tone="still">{words.auth.over}</Notice>}
      {told && <Notice tone="good">{words.auth[told]}</Notice>}
      <form onSubmit={submit}>
        <Field label={words.auth.email}>
          <input name="email" type="email" autoComplete="username" required value={email} onChange={(event) => keep(event.target.value.trim())} />
        </Field>
        {needsCode && (
          <Field label={words.auth.code}>
            <input name="code" inputMode="numeric" autoComplete="one-time-code" required />
          </Field>
        )}
        {which !== "confirm" && which !== "forgot" && (
          <Field
            label={which === "reset" ? words.auth.newPassword : words.auth.password}
            hint={which === "login" ? null : words.auth.passwordHint}
          >
            <input
              name="password"
              type="password"
              autoComplete={which === "login" ? "current-password" : "new-password"}
              minLength={which === "login" ? 1 : 10}
              required
            />
          </Field>
        )}
        <Trouble problem={doing.problem} />
        {doing.problem?.code === "not_confirmed" && (
          <a className="link" href="#/confirm">
            {words.auth.confirm.title}
          </a>
        )}
        <button className="button main wide" disabled={doing.busy}>
          {tells.go}
        </button>
      </form>
      {isResent && <Notice tone="good">{words.auth.resent}</Notice>}
      {needsCode && (
        <button type="button" className="button quiet" onClick={resend} disabled={doing.busy || !email}>
          {words.auth.resend}
        </button>
      )}
      {which === "login" && (
        <p className="else">
          <a href="#/forgot">{words.auth.forgotLink}</a>
        </p>
      )}
      <p className="else">
        {which === "login" ? words.auth.noAccount : words.auth.hasAccount}{" "}
        {which === "login" ? <a href="#/register">{words.nav.register}</a> : <a href="#/login">{words.nav.login}</a>}
      </p>
    </section>
  )
}

function Field({ label, hint = null, children }: { label: string; hint?: string | null; children: ReactNode }) {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
      {hint && <small>{hint}</small>}
    </label>
  )
}
