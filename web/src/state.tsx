import { ApiProblem, answer, SESSION_OVER } from "lumiku-client"
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react"

import { askedBrand, type Brand, dress } from "./brand.ts"
import type { Chosen, Refused } from "./choosing.ts"
import { api, type Schemas, session, speak, startLanguage, workspace } from "./client.ts"
import { en } from "./words/en.ts"
import { id } from "./words/id.ts"
import type { Language } from "./words/numbers.ts"

const WORDS = { id, en }

interface State {
  language: Language
  words: typeof id
  setLanguage(language: Language): void
  loggedIn: boolean
  /** Whose look the page has; null: ours. */
  brand: Brand | null
  /** Balance and plan; null until they are known, or when nobody is logged in. */
  credits: Schemas["Credits"] | null
  /** Asks for them again: after everything that costs or brings credits. */
  refresh(): void
  /** Photos that were chosen and not yet ordered; they survive a log-in. */
  chosen: Chosen[]
  setChosen(chosen: Chosen[]): void
  /** What was left out when they were chosen. */
  refused: Refused[]
  setRefused(refused: Refused[]): void
}

const Context = createContext<State | null>(null)

export function useApp(): State {
  const state = useContext(Context)
  if (!state) throw new Error("outside of <AppState>")
  return state
}

const signature = () => session.get()?.refreshToken ?? null

export function AppState({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(startLanguage)
  const [credits, setCredits] = useState<Schemas["Credits"] | null>(null)
  const [brand, setBrand] = useState<Brand | null>(null)
  const [chosen, setChosen] = useState<Chosen[]>([])
  const [refused, setRefused] = useState<Refused[]>([])
  const loggedIn = useSyncExternalStore(session.watch, signature) !== null

  useEffect(() => speak(language), [language])
  useEffect(() => {
    const slug = askedBrand()
    if (!slug) return
    // Without an answer, and for a brand that there is not, the page looks as ours does.
    answer(api.GET("/api/brands/{slug}", { params: { path: { slug } } })).then(
      (found) => (dress(found), setBrand(found)),
      () => undefined,
    )
  }, [])
  const refresh = useCallback(() => {
    if (session.get() === null) return setCredits(null)
    answer(api.GET("/api/credits")).then(setCredits, (problem: unknown) => {
      setCredits(null)
      // Whoever was removed from a team is in their own account again.
      if (problem instanceof ApiProblem && problem.status === 404 && workspace.get()) workspace.choose(null)
    })
  }, [])
  useEffect(refresh, [refresh, loggedIn])

  const state = useMemo(
    () => ({
      language,
      words: WORDS[language],
      setLanguage,
      loggedIn,
      brand,
      credits,
      refresh,
      chosen,
      setChosen,
      refused,
      setRefused,
    }),
    [language, loggedIn, brand, credits, refresh, chosen, refused],
  )
  return <Context value={state}>{children}</Context>
}

/** What a question is answered: neither value nor problem while it is awaited. */
export interface Asked<T> {
  value: T | null
  problem: ApiProblem | null
  again(): void
}

/** Whoever shows nothing before all is there is told that a question begins, and by what is returned that it is over. */
export const Awaiting = createContext<(() => () => void) | null>(null)

/** Asks when it is first shown, when `about` changes, and again. The last question wins. */
export function useAsk<T>(about: string, ask: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const begin = useContext(Awaiting)
  const [seen, setSeen] = useState<{ about: string; value: T | null; problem: ApiProblem | null } | null>(null)
  const [round, setRound] = useState(0)
  const asking = useRef(ask)
  asking.current = ask
  useEffect(() => {
    const stop = new AbortController()
    const end = begin?.()
    asking
      .current(stop.signal)
      .then(
        (value) => !stop.signal.aborted && setSeen({ about, value, problem: null }),
        (problem: unknown) => !stop.signal.aborted && setSeen({ about, value: null, problem: toProblem(problem) }),
      )
      .finally(end)
    return () => stop.abort()
  }, [about, round])
  const now = seen?.about === about ? seen : null
  return { value: now?.value ?? null, problem: now?.problem ?? null, again: () => setRound(round + 1) }
}

/** One thing that a person asked to be done, with what came of it. */
export function useDoing(): {
  busy: boolean
  problem: ApiProblem | null
  run(what: () => Promise<void>): void
  clear(): void
} {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const run = (what: () => Promise<void>) => {
    setBusy(true)
    setProblem(null)
    what()
      .catch((error: unknown) => setProblem(toProblem(error)))
      .finally(() => setBusy(false))
  }
  return { busy, problem, run, clear: () => setProblem(null) }
}

export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  if (error instanceof DOMException && error.name === "AbortError") return new ApiProblem(0, { code: "aborted" })
  return new ApiProblem(0, { code: "unexpected", detail: String(error) })
}

export { SESSION_OVER }
