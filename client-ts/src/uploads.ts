import { ApiProblem, problemOf, unreachable } from "./problems.ts"
import { backOff, online, passes, pause } from "./retrying.ts"
import type { components } from "./schema.d.ts"

export type UploadForm = components["schemas"]["UploadForm"]

export interface Photo {
  name: string
  blob: Blob
  /** Its key in the form; of a single photo the form has it already. null of what the service fetches itself. */
  key?: string | null
}

export interface Sending {
  /** The form in use, and a new one when it has expired. */
  form: UploadForm
  renew?: () => Promise<UploadForm>
  /** How many photos are on their way at once. */
  lanes?: number
  signal?: AbortSignal
  onProgress?: (index: number, sentBytes: number) => void
  onSent?: (index: number) => void
  onRefused?: (index: number, problem: ApiProblem) => void
}

const TRIES = 10
// What no other photo would fare better with.
const HOPELESS = new Set([401, 404, 409, 410])

/** Sends all photos, a few at a time, and returns when each was sent or refused.
 *
 * A lost network is waited out; a form that has expired is renewed once for all; what S3 refuses for good
 * is told to `onRefused`. Throws what would meet every photo, and the reason of an abort. */
export async function uploadAll(photos: readonly Photo[], sending: Sending): Promise<void> {
  const { lanes = 6, signal } = sending
  let form = sending.form
  let renewing: Promise<UploadForm> | null = null
  let next = 0
  let isOver = false

  async function renewed(refused: UploadForm): Promise<UploadForm> {
    if (form !== refused) return form
    if (!sending.renew) throw new ApiProblem(403, { code: "form_expired" })
    renewing ??= sending.renew().finally(() => (renewing = null))
    return (form = await renewing)
  }

  async function send(index: number, photo: Photo): Promise<void> {
    let isNew = false
    for (let n = 1; ; n++) {
      const used = form
      try {
        return await put(photo, used, signal, (sent) => sending.onProgress?.(index, sent))
      } catch (problem) {
        if (!(problem instanceof ApiProblem) || n === TRIES) throw problem
        if (problem.status === 403 && !isNew) {
          await renewed(used)
          isNew = true
        } else if (passes(problem) || problem.status >= 500) {
          await online(signal)
          await pause(backOff(n, problem), signal)
        } else throw problem
      }
    }
  }

  async function lane(): Promise<void> {
    for (let index = next++; index < photos.length && !isOver; index = next++) {
      signal?.throwIfAborted()
      const photo = photos[index]!
      try {
        await send(index, photo)
      } catch (problem) {
        if (!(problem instanceof ApiProblem) || HOPELESS.has(problem.status)) {
          isOver = true
          throw problem
        }
        sending.onRefused?.(index, problem)
        continue
      }
      sending.onSent?.(index)
    }
  }

  await Promise.all(Array.from({ length: Math.min(lanes, photos.length) }, lane))
}

async function put(
  photo: Photo,
  form: UploadForm,
  signal: AbortSignal | undefined,
  onProgress: (sentBytes: number) => void,
): Promise<void> {
  const body = new FormData()
  for (const [name, value] of Object.entries({ ...form.fields, ...(photo.key && { key: photo.key }) })) {
    body.append(name, value)
  }
  body.append("file", photo.blob, "photo") // its name is in the order
  const response = await (typeof XMLHttpRequest === "undefined" ? fetched : posted)(form.url, body, signal, onProgress)
  if (!response.ok) throw await problemOf(response)
  onProgress(photo.blob.size)
}

async function fetched(url: string, body: FormData, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(url, { method: "POST", body, signal: signal ?? null })
  } catch (error) {
    if (signal?.aborted) throw error
    throw unreachable(error)
  }
}

/** Only XMLHttpRequest tells how much of a body is sent. */
function posted(
  url: string,
  body: FormData,
  signal: AbortSignal | undefined,
  onProgress: (sentBytes: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    request.upload.onprogress = (event) => onProgress(event.loaded)
    request.onload = () => resolve(new Response(request.responseText || null, { status: request.status }))
    request.onerror = () => reject(unreachable("upload"))
    request.onabort = () => reject(signal?.reason)
    request.onloadend = () => signal?.removeEventListener("abort", stop)
    signal?.addEventListener("abort", stop, { once: true })
    request.open("POST", url)
    request.send(body)
  })
}
