import { type GenerationBatch, generations } from "lumiku-client"

import { api } from "../client.ts"
import { Pill, toneOf } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useAsk } from "../state.tsx"
import { useStudioWords } from "./words.ts"

/** Batches of a project of the last days, newest first. */
export function BatchesOf({ projectId }: { projectId: string }) {
  const { together: said } = useStudioWords()
  const listed = useAsk(`batches/${projectId}`, (signal) => generations(api, { projectId, limit: 50 }, signal))
  const found = listed.value?.generations.filter((one): one is GenerationBatch => "isBatch" in one) ?? []
  if (!found.length) return <Trouble problem={listed.problem} again={listed.again} />
  return (
    <details className="card" open={found.some((one) => one.completedAt === null)}>
      <summary>{said.batches(found.length)}</summary>
      <ul className="unfolded">
        {found.map((one) => (
          <li key={one.generationId} className="row">
            <a className="link" href={`#/made/${one.generationId}`}>
              {said.done(one.progress.processedItems, one.progress.totalItems)}
            </a>
            <Pill tone={toneOf(one.status)}>{said.status[one.status]}</Pill>
          </li>
        ))}
      </ul>
    </details>
  )
}
