import { type Api, answer, type Asked, newKey } from "./connection.ts"
import type { components } from "./schema.d.ts"
import { uploadAll } from "./uploads.ts"

type Schemas = components["schemas"]
export type Tier = Schemas["Tier"]
export type Job = Schemas["JobBody"]
export type Batch = Schemas["BatchBody"]
export type BatchItem = Schemas["ItemBody"]
export type Order = Pick<Schemas["BatchRequest"], "tier" | "expectedCredits" | "payment" | "format" | "background" | "crop" | "output" | "maxSize">

const JOBS_ALIVE = new Set(["pending", "processing"])
export const isAlive = (status: string): boolean => JOBS_ALIVE.has(status)

/** Orders one cut-out and uploads the photo: the job's id. */
export async function submit(
  api: Api,
  file: File,
  order: Order,
  way: { key?: string; signal?: AbortSignal; onProgress?: (sentBytes: number) => void } = {},
): Promise<string> {
  const accepted = await answer(
    api.POST("/api/apps/background-remover/remove", {
      params: { header: { "Idempotency-Key": way.key ?? newKey() } },
      body: { ...order, fileName: file.name, fileSize: file.size, contentType: file.type },
      signal: way.signal ?? null,
    }),
  )
  // The form way's answer has no upload; an order in JSON is never answered so.
  const upload = "upload" in accepted ? accepted.upload : null
  if (upload) {
    await uploadAll([{ name: file.name, blob: file }], {
      form: upload,
      ...(way.signal && { signal: way.signal }),
      onProgress: (_, sent) => way.onProgress?.(sent),
      onRefused: (_, problem) => {
        throw problem
      },
    })
  }
  return accepted.jobId
}

/** The job as it is now, or up to 20 seconds later if it ends in that time. */
export function job(api: Api, jobId: string, waitS = 0, signal?: AbortSignal): Promise<Job> {
  return answer(
    api.GET("/api/apps/background-remover/jobs/{job_id}", {
      params: { path: { job_id: jobId }, query: { wait: waitS } },
      signal: signal ?? null,
    }),
  )
}

/** The job once it is over. */
export async function finished(api: Api, jobId: string, signal?: AbortSignal): Promise<Job> {
  for (;;) {
    const seen = await job(api, jobId, 20, signal)
    if (!isAlive(seen.status)) return seen
  }
}

/** A link to the result, good for 15 minutes. Send no Authorization header to it. */
export function resultOf(api: Api, jobId: string): Promise<Schemas["DownloadLink"]> {
  return answer(
    api.GET("/api/apps/background-remover/jobs/{job_id}/download", {
      params: { path: { job_id: jobId } },
    }) as Promise<Asked<{ data: Schemas["DownloadLink"] }>>,
  )
}
