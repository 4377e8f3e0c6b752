import type { ReactNode } from "react"

import { useApp } from "../state.tsx"

/** What is still awaited, in about its own height. */
export function Lines({ count = 3 }: { count?: number }) {
  const { words } = useApp()
  return (
    <div className="lines" role="status" aria-label={words.loading}>
      {Array.from({ length: count }, (_, index) => (
        <span key={index} className="skeleton" />
      ))}
    </div>
  )
}

export type Tone = "good" | "bad" | "busy" | "still"

/** A state as a word and a colour. */
export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`pill ${tone}`}>{children}</span>
}

const TONES: Record<string, Tone> = {
  completed: "good",
  active: "good",
  failed: "bad",
  expired: "bad",
  cancelled: "still",
  pending: "still",
  queued: "still",
  disabled: "still",
}
export const toneOf = (status: string): Tone => TONES[status] ?? "busy"

export function Bar({ value, max, label }: { value: number; max: number; label: string }) {
  return (
    <div className="bar" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={max} aria-valuenow={value}>
      <span style={{ transform: `scaleX(${max ? Math.min(1, value / max) : 0})` }} />
    </div>
  )
}

/** A number with its name, in a `dl` of figures. */
export function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="card">
      <dt>{name}</dt>
      <dd className="big">{value}</dd>
    </div>
  )
}

/** A price as buttons show it: credits, or that the plan pays. */
export function usePriceWord(): (credits: number, byPlan?: boolean) => string {
  const { words } = useApp()
  return (credits, byPlan) => (byPlan ? words.free : words.credits(credits))
}
