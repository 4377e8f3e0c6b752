import type { Reason, Refused } from "../choosing.ts"
import { useApp } from "../state.tsx"
import { Notice } from "./trouble.tsx"

const SHOWN = 100

/** Files that were left out, each with its reason. */
export function RefusedList({ refused, reasons }: { refused: Refused[]; reasons?: Partial<Record<Reason, string>> }) {
  const { words } = useApp()
  if (refused.length === 0) return null
  return (
    <Notice tone="bad">
      <details open={refused.length <= 3}>
        <summary>{words.batch.refused(refused.length)}</summary>
        <ul className="refused">
          {refused.slice(0, SHOWN).map(({ name, reason }, index) => (
            <li key={index}>
              <span className="file-name">{name}</span>: {reasons?.[reason] ?? words.batch.reasons[reason]}
            </li>
          ))}
        </ul>
      </details>
    </Notice>
  )
}
