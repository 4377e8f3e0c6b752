import type { components } from "./schema.d.ts"

/** What an answer of the API says beside `code` and `detail`: numbers that a person is told. */
export type Facts = Partial<components["schemas"]["Problem"]>

/** Codes that this client gives where no problem document came. */
export const UNREACHABLE = "unreachable"
export const SESSION_OVER = "session_over"

/** A refusal or a failure: everything that this client throws, but for an `AbortError`. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly facts: Facts
  /** Seconds after which asking again may help. */
  readonly retryAfter: number | undefined

  constructor(status: number, facts: Facts & { code: string }, retryAfter?: number) {
    super(facts.detail ?? facts.title ?? facts.code)
    this.name = "ApiProblem"
    this.status = status
    this.code = facts.code
    this.facts = facts
    this.retryAfter = facts.retryAfter ?? retryAfter
  }
}

/** The problem in an answer of the API, of the gateway (`{"message"}`) or of S3 (XML). */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const text = await response.text()
  const seconds = Number(response.headers.get("Retry-After") ?? NaN)
  const retryAfter = Number.isFinite(seconds) ? seconds : undefined
  let body: Facts & { message?: string } = {}
  try {
    body = JSON.parse(text) as typeof body
  } catch {
    body = { code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] }
  }
  const code = body.code ?? `http_${response.status}`
  return new ApiProblem(response.status, { ...body, detail: body.detail ?? body.message, code }, retryAfter)
}

export function unreachable(cause: unknown): ApiProblem {
  return new ApiProblem(0, { code: UNREACHABLE, detail: String(cause) })
}
