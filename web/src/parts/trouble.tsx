import { type ApiProblem, SESSION_OVER, type Tier, UNREACHABLE } from "lumiku-client"
import type { ReactNode } from "react"

import { priceOf, TIERS } from "../prices.ts"
import { useApp } from "../state.tsx"
import { Icon } from "./icons.tsx"

interface Ways {
  again?: () => void
  /** Of an order: what would cost less, or be paid otherwise. */
  order?: { tier: Tier; photos: number; onTier: (tier: Tier) => void }
}

/** What went wrong, and each way out of it. Nothing when nothing did. */
export function Trouble({ problem, again, order }: { problem: ApiProblem | null } & Ways) {
  const { words } = useApp()
  if (!problem || problem.code === "aborted") return null
  const { available, requestId } = problem.facts
  const affordable = order && available !== undefined ? cheaper(order.tier, order.photos, available) : null
  return (
    <Notice tone="bad">
      <p>{useless(problem) ? words.problems.unexpected : tell(problem, words)}</p>
      {problem.facts.errors?.map((error, index) => <p key={index}>{String((error as { message?: string }).message ?? "")}</p>)}
      {problem.status >= 500 && requestId && <p className="fine">{words.problems.id(requestId)}</p>}
      <div className="ways">
        {problem.code === "insufficient_credits" && (
          <a className="button small" href="#/plan">
            {words.problems.topUp}
          </a>
        )}
        {affordable && (
          <button type="button" className="button small quiet" onClick={() => order?.onTier(affordable.tier)}>
            {words.problems.cheaper(words.tiers[affordable.tier].name, words.credits(affordable.total))}
          </button>
        )}
        {problem.code === SESSION_OVER && (
          <a className="button small" href="#/login">
            {words.nav.login}
          </a>
        )}
        {again && (
          <button type="button" className="button small quiet" onClick={again}>
            <Icon name="again" /> {words.retry}
          </button>
        )}
      </div>
    </Notice>
  )
}

function useless(problem: ApiProblem): boolean {
  return problem.status >= 500 || problem.code === "unexpected"
}

function tell(problem: ApiProblem, words: ReturnType<typeof useApp>["words"]): string {
  const { needed, available, price } = problem.facts
  switch (problem.code) {
    case UNREACHABLE:
      return words.problems.unreachable
    case SESSION_OVER:
      return words.auth.over
    case "insufficient_credits":
      return words.problems.credits(needed ?? 0, available ?? 0)
    case "price_changed":
      return words.problems.price(price ?? 0)
    case "too_many_requests":
      return words.problems.wait(problem.retryAfter ?? 1)
    default:
      return problem.message
  }
}

/** The best tier below `tier` that `available` credits pay for. */
function cheaper(tier: Tier, photos: number, available: number): { tier: Tier; total: number } | null {
  const below = TIERS.slice(0, TIERS.indexOf(tier)).reverse()
  const found = below.find((name) => priceOf(name, photos).total <= available)
  return found ? { tier: found, total: priceOf(found, photos).total } : null
}

export function Notice({ tone, children }: { tone: "bad" | "good" | "still"; children: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      <Icon name={{ good: "check", bad: "alert", still: "history" }[tone] as "check" | "alert" | "history"} />
      <div>{children}</div>
    </div>
  )
}
