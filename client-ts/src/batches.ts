import { type Api, answer, type Asked, newKey, problemIn } from "./connection.ts"
import { type Batch, type BatchItem, isAlive, type Order } from "./removals.ts"
import { passes, pause } from "./retrying.ts"
import type { components } from "./schema.d.ts"
import { type Sending, type UploadForm, uploadAll } from "./uploads.ts"

type Schemas = components["schemas"]
export type BatchAccepted = Schemas["BatchAccepted"]

/** Orders 2 to 5,000 cut-outs at once. */
export function orderBatch(
  api: Api,
  files: Schemas["BatchFile"][],
  order: Order,
  key = newKey(),
): Promise<BatchAccepted> {
  return answer(
    api.POST("/api/apps/background-remover/batch", {
      params: { header: { "Idempotency-Key": key } },
      body: { ...order, files },
    }),
  )
}

const of = (batchId: string) => ({ params: { path: { batch_id: batchId } } })

/** Another form for the photos that are still to come. */
export function renewForm(api: Api, batchId: string): Promise<UploadForm> {
  return answer(api.POST("/api/apps/background-remover/batch/{batch_id}/upload-policy", of(batchId)))
}

/** Sends the photos of a batch, each with its `key`, and then says that no more will come.
 *
 * That is not said while photos are left whose network failed: the number of those, which can be sent later. */
export async function sendBatch(
  api: Api,
  batchId: string,
  photos: { name: string; blob: Blob; key: string }[],
  form: UploadForm | null,
  sending: Omit<Sending, "form" | "renew"> = {},
): Promise<number> {
  const renew = () => renewForm(api, batchId)
  let left = 0
  const onRefused: Sending["onRefused"] = (index, problem) => {
    if (passes(problem)) left++
    sending.onRefused?.(index, problem)
  }
  if (photos.length > 0) await uploadAll(photos, { ...sending, onRefused, form: form ?? (await renew()), renew })
  if (left === 0) await finish(api, batchId)
  return left
}

/** Says that no more photos will come; what is missing is given back. */
export async function finish(api: Api, batchId: string): Promise<void> {
  await answer(api.POST("/api/apps/background-remover/batch/{batch_id}/finish", of(batchId)))
}

/** The batch, each time that it has changed, until it is over and its ZIP is there.
 *
 * Unchanged answers are 304 and have no body, so looking often costs little. */
export async function* follow(
  api: Api,
  batchId: string,
  { signal, everyMs = () => 3000 }: { signal?: AbortSignal; everyMs?: () => number } = {},
): AsyncGenerator<Batch> {
  let etag: string | null = null
  for (;;) {
    const { data, error, response }: Asked<{ data: Batch }> = await api.GET("/api/apps/background-remover/batch/{batch_id}", {
      params: { path: { batch_id: batchId }, header: etag ? { "If-None-Match": etag } : {} },
      signal: signal ?? null,
    })
    if (data) {
      etag = response.headers.get("ETag")
      yield data.data
      if (!isAlive(data.data.status)) return
    } else if (response.status !== 304) {
      throw problemIn(error, response)
    }
    await pause(everyMs(), signal)
  }
}

/** Its photos, page by page; with `since` (the `asOf` of an earlier answer) those that have changed. */
export async function itemsOf(api: Api, batchId: string, since?: string): Promise<{ items: BatchItem[]; asOf: string }> {
  const items: BatchItem[] = []
  let asOf: string | null = null
  let cursor: string | null = null
  do {
    const page: Schemas["ItemList"] = await answer(
      api.GET("/api/apps/background-remover/batch/{batch_id}/items", {
        params: { path: { batch_id: batchId }, query: { ...(since && { since }), ...(cursor && { cursor }) } },
      }),
    )
    items.push(...page.items)
    asOf ??= page.asOf
    cursor = page.nextCursor
  } while (cursor)
  return { items, asOf }
}

/** Gives back what has not begun. */
export function cancel(api: Api, batchId: string): Promise<Batch> {
  return answer(api.DELETE("/api/apps/background-remover/batch/{batch_id}", of(batchId)))
}

/** Tries the failed photos again, from their originals, as a batch of its own. Without a key that happens
 * once: a repeated call finds the batch that the first one made. */
export function retryFailed(api: Api, batchId: string, key?: string): Promise<BatchAccepted> {
  return answer(
    api.POST("/api/apps/background-remover/batch/{batch_id}/retry", {
      params: { path: { batch_id: batchId }, header: key ? { "Idempotency-Key": key } : {} },
    }),
  )
}

/** Links to the ZIP of the results, or to its `parts`: several of more than 500 photos. */
export function archiveOf(api: Api, batchId: string): Promise<Schemas["ZipBody"]> {
  return answer(
    api.GET("/api/apps/background-remover/batch/{batch_id}/download", of(batchId)) as Promise<Asked<{ data: Schemas["ZipBody"] }>>,
  )
}
