import createClient, { type Client } from "openapi-fetch"

import { ApiProblem, problemOf, SESSION_OVER, unreachable } from "./problems.ts"
import { backOff, passes, pause } from "./retrying.ts"
import type { paths } from "./schema.d.ts"

export interface Tokens {
  token: string
  refreshToken: string
}

/** Where the tokens of a session are kept; `put(null)` ends the session. */
export interface Session {
  get(): Tokens | null
  put(tokens: Tokens | null): void
}

export interface Settings {
  /** Where the API is: everything before `/api/...`. */
  baseUrl: string
  session?: Session
  /** In place of a session: sent as X-API-Key, to the address of the API for keys. */
  apiKey?: string
  /** Account to act for, of whose team one is; asked for with every call. */
  workspace?: () => string | null
  /** Language of what people read in refusals. */
  language?: () => "en" | "id"
  /** For how long one call waits out 429, 502, 503, 504 and lost connections. */
  patienceMs?: number
}

export type Api = Client<paths>

/** The API of `settings`, typed by its contract. Sends the token, renews it when it has run out (once for
 * all calls that wait for it), and repeats what may be repeated: requests that change nothing, and those
 * with an `Idempotency-Key`. */
export function connect(settings: Settings): Api {
  const session = settings.session ?? inMemory()
  const patienceMs = settings.patienceMs ?? 30_000
  let renewing: Promise<Tokens | null> | null = null

  const headersFor = (request: Request, tokens: Tokens | null): Request => {
    const asked = new Request(request)
    asked.headers.set("Accept-Language", settings.language?.() ?? "en")
    const workspace = settings.workspace?.()
    if (workspace) asked.headers.set("X-Workspace", workspace)
    if (settings.apiKey) asked.headers.set("X-API-Key", settings.apiKey)
    else if (tokens) asked.headers.set("Authorization", `Bearer ${tokens.token}`)
    return asked
  }

  async function renew(spent: Tokens): Promise<Tokens | null> {
    const now = session.get()
    if (now === null || now.token !== spent.token) return now // another tab was faster
    const response = await steadily(
      () => new Request(`${settings.baseUrl}/api/auth/refresh`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ refreshToken: spent.refreshToken }),
      }),
      true,
    )
    if (response.ok) {
      const { data } = (await response.json()) as { data: Tokens }
      session.put({ token: data.token, refreshToken: data.refreshToken })
    } else if (response.status === 400 || response.status === 401) {
      session.put(null)
    } else {
      throw await problemOf(response)
    }
    return session.get()
  }

  async function steadily(make: () => Request, repeatable: boolean): Promise<Response> {
    const until = Date.now() + patienceMs
    for (let n = 0; ; n++) {
      const request = make()
      let problem: ApiProblem
      try {
        const response = await fetch(request)
        if (response.ok || response.status < 400) return response
        problem = await problemOf(response.clone())
        if (!passes(problem) || (!repeatable && problem.status !== 429)) return response
        if (Date.now() + backOff(n, problem) > until) return response
      } catch (error) {
        if (request.signal.aborted) throw error
        problem = unreachable(error)
        if (!repeatable || Date.now() + backOff(n, problem) > until) throw problem
      }
      await pause(backOff(n, problem), request.signal)
    }
  }

  async function send(request: Request): Promise<Response> {
    const repeatable = request.method === "GET" || request.headers.has("Idempotency-Key")
    const tokens = session.get()
    const response = await steadily(() => headersFor(request.clone(), tokens), repeatable)
    if (response.status !== 401 || tokens === null || isLogin(request)) return response
    renewing ??= renew(tokens).finally(() => (renewing = null))
    const renewed = await renewing
    if (renewed === null) throw new ApiProblem(401, { code: SESSION_OVER })
    return steadily(() => headersFor(request.clone(), renewed), repeatable)
  }

  return createClient<paths>({ baseUrl: settings.baseUrl, fetch: send })
}

function isLogin(request: Request): boolean {
  return new URL(request.url).pathname.includes("/api/auth/")
}

function inMemory(): Session {
  let kept: Tokens | null = null
  return { get: () => kept, put: (tokens) => void (kept = tokens) }
}

export interface Asked<T> {
  data?: T
  error?: unknown
  response: Response
}

/** What an answer holds; throws the problem that came instead. */
export async function answer<T extends { data: unknown }>(asked: Promise<Asked<T>>): Promise<T["data"]> {
  const { data, error, response } = await asked
  if (data !== undefined) return data.data
  throw problemIn(error, response)
}

export function problemIn(error: unknown, response: Response): ApiProblem {
  const facts = typeof error === "object" && error !== null ? (error as { code?: string; message?: string }) : {}
  const seconds = Number(response.headers.get("Retry-After") ?? NaN)
  return new ApiProblem(
    response.status,
    { detail: facts.message, ...facts, code: facts.code ?? `http_${response.status}` },
    Number.isFinite(seconds) ? seconds : undefined,
  )
}

/** A key under which a repeated order finds what the first one made. */
export const newKey = (): string => crypto.randomUUID()
