import { type ApiProblem, UNREACHABLE } from "./problems.ts"

/** Waits; an abort ends it with the signal's reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const timer = setTimeout(done, ms)
    function done() {
      signal?.removeEventListener("abort", stop)
      resolve()
    }
    function stop() {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener("abort", stop, { once: true })
  })
}

const PASSING = new Set([429, 502, 503, 504])

/** Whether asking again may bring another answer. */
export function passes(problem: ApiProblem): boolean {
  return PASSING.has(problem.status) || problem.code === UNREACHABLE
}

/** Milliseconds before try `n` (from 0): what was asked for, and a random part that doubles up to 15 s. */
export function backOff(n: number, problem: ApiProblem): number {
  return (problem.retryAfter ?? 0) * 1000 + Math.random() * Math.min(15_000, 500 * 2 ** n)
}

/** Resolves at once where there is a network, or nothing is known of it; else when it is back. */
export function online(signal?: AbortSignal): Promise<void> {
  if (typeof window === "undefined" || navigator.onLine) return Promise.resolve()
  return new Promise((resolve, reject) => {
    window.addEventListener("online", () => resolve(), { once: true, ...(signal && { signal }) })
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
}
