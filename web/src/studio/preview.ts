import { type ApiProblem, preview, type Wanted } from "lumiku-client"

import { api, type Schemas } from "../client.ts"
import { useAsk } from "../state.tsx"
import { useLast, useSettled } from "./settled.ts"

interface Seen {
  /** The newest that is there; it stays while another one is made. */
  preview: Schemas["PreviewBody"] | null
  isBusy: boolean
  problem: ApiProblem | null
  again(): void
}

/** What an order would make, asked for once the choices rest; the last answer wins. */
export function usePreview(itemId: string, what: Wanted | null): Seen {
  const now = JSON.stringify(what)
  const about = useSettled(now)
  const asked = useAsk(about, (signal) => {
    const settled = JSON.parse(about) as Wanted | null
    return settled ? preview(api, itemId, settled, signal) : Promise.resolve(null)
  })
  const last = useLast(asked.value)
  return {
    preview: what ? last : null,
    isBusy: what !== null && asked.problem === null && (now !== about || asked.value === null),
    problem: asked.problem,
    again: asked.again,
  }
}
