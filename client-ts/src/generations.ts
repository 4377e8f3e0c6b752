import { type Api, answer, type Asked, newKey, problemIn } from "./connection.ts"
import { pause } from "./retrying.ts"
import { keyed, type Query, STUDIO } from "./routes.ts"
import type { components } from "./schema.d.ts"
import type { Generation } from "./studio.ts"

type Schemas = components["schemas"]
export type GenerationBatch = Schemas["GenerationBatch"]

const ofGeneration = (generation_id: string) => ({ params: { path: { generation_id } } })

/** Orders a look or a template for 1 to 100 items, `items: "all"`, or one each by `settingsCsv`. */
export function orderGenerations(
  api: Api,
  projectId: string,
  body: Schemas["GenerationBatchInput"],
  key = newKey(),
): Promise<Schemas["GenerationBatchOrdered"]> {
  const params = { path: { project_id: projectId }, header: keyed(key) }
  return answer(api.POST(`${STUDIO}/projects/{project_id}/batch-process`, { params, body }))
}

/** Generations of the last week, and batches without their items, newest first. */
export function generations(
  api: Api,
  query: Query<"listGenerations"> = {},
  signal?: AbortSignal,
): Promise<Schemas["GenerationPage"]> {
  return answer(api.GET(`${STUDIO}/generations`, { params: { query }, signal: signal ?? null }))
}

/** A batch once it is over and what is done is kept; `onLook` is told whenever it has moved, with thumbnails. */
export async function generationsMade(
  api: Api,
  batchId: string,
  onLook: (seen: GenerationBatch) => void = () => {},
  signal?: AbortSignal,
): Promise<GenerationBatch> {
  let tag: string | null = null
  for (;;) {
    // That a result is kept changes no ETag, so what has such items is asked for without.
    const { data, error, response }: Asked<{ data: Generation | GenerationBatch }> = await api.GET(`${STUDIO}/generations/{generation_id}`, {
      params: { path: { generation_id: batchId }, query: tag ? { wait: 20 } : {}, header: tag ? { "If-None-Match": tag } : {} },
      signal: signal ?? null,
    })
    if (response.status !== 304) {
      if (!data) throw problemIn(error, response)
      const seen: Generation | GenerationBatch = data.data
      if (!("isBatch" in seen)) throw new TypeError(`${batchId} is no batch`)
      onLook(seen)
      const unkept: boolean = !!seen.items?.some((one) => one.status === "completed" && !one.variationId)
      if (seen.completedAt && !unkept) return seen
      tag = unkept ? null : response.headers.get("ETag")
    }
    await pause(Number(response.headers.get("Retry-After") ?? 1) * 1000, signal)
  }
}

/** Nothing new of it begins, for 24 hours at most. */
export function pauseGenerations(api: Api, batchId: string): Promise<GenerationBatch> {
  return answer(api.POST(`${STUDIO}/generations/{generation_id}/pause`, ofGeneration(batchId)))
}

export function resumeGenerations(api: Api, batchId: string): Promise<GenerationBatch> {
  return answer(api.POST(`${STUDIO}/generations/{generation_id}/resume`, ofGeneration(batchId)))
}

/** What has not begun is given back; what has begun goes on. */
export function cancelGenerations(api: Api, batchId: string): Promise<GenerationBatch> {
  return answer(api.POST(`${STUDIO}/generations/{generation_id}/cancel`, ofGeneration(batchId)))
}

/** A new batch of the items that failed, at exactly what came back for them. */
export function retryGenerations(api: Api, batchId: string, key = newKey()): Promise<Schemas["GenerationBatchOrdered"]> {
  const params = { path: { generation_id: batchId }, header: keyed(key) }
  return answer(api.POST(`${STUDIO}/generations/{generation_id}/retry`, { params }))
}
