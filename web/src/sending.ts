import { type ApiProblem, type BatchAccepted, sendBatch, type UploadForm } from "lumiku-client"
import { useSyncExternalStore } from "react"

import type { Chosen } from "./choosing.ts"
import { api, kept } from "./client.ts"
import { toProblem } from "./state.tsx"

/** A photo of an ordered batch, as it is kept so that a reloaded page can go on. */
interface Place {
  index: number
  name: string
  size: number
  key: string
}

/** How far the photos of a batch are on their way from this tab. */
export interface Sending {
  isOn: boolean
  total: number
  sent: ReadonlySet<number>
  /** By the photo's index in the batch. */
  refused: ReadonlyMap<number, ApiProblem>
  sentBytes: number
  /** What ended it before its time. */
  problem: ApiProblem | null
  files: ReadonlyMap<number, File>
}

const sendings = new Map<string, Sending>()
const watchers = new Set<() => void>()
/** What is kept about an order, and the lock of the tab that sends its photos. */
export const nameOf = (orderId: string) => `lumiku.${orderId}`
const LANES = matchMedia("(pointer: coarse)").matches ? 3 : 6

function note(batchId: string, change: Partial<Sending>): void {
  sendings.set(batchId, { ...sendings.get(batchId)!, ...change })
  watchers.forEach((told) => told())
}

export function useSending(batchId: string): Sending | null {
  return useSyncExternalStore(
    (told) => (watchers.add(told), () => watchers.delete(told)),
    () => sendings.get(batchId) ?? null,
  )
}

/** Begins to send what was just ordered; goes on while other pages are looked at. */
export function begin(accepted: BatchAccepted, chosen: Chosen[]): void {
  const places = accepted.files.flatMap(({ index, name, key }) =>
    key ? [{ index, name, key, size: chosen[index]!.file.size }] : [],
  )
  kept.write(nameOf(accepted.batchId), places)
  void send(accepted.batchId, places.map((place) => ({ place, file: chosen[place.index]!.file })), accepted.upload)
}

/** Goes on after a reload with those of `chosen` that are missing: how many those are. */
export function resume(batchId: string, chosen: Chosen[], missing: ReadonlySet<number>): number {
  const places = (kept.read<Place[]>(nameOf(batchId)) ?? []).filter(({ index }) => missing.has(index))
  const known = new Map(chosen.map(({ name, file }) => [`${name}/${file.size}`, file]))
  const found = places.flatMap((place) => {
    const file = known.get(`${place.name}/${place.size}`)
    return file ? [{ place, file }] : []
  })
  if (found.length > 0) void send(batchId, found, null)
  return found.length
}

/** Whether a reloaded page knows where the photos of a batch belong. */
export const canResume = (batchId: string): boolean => kept.read(nameOf(batchId)) !== null

/** Whether another tab is sending them. */
export async function isSentElsewhere(orderId: string): Promise<boolean> {
  const locks = await navigator.locks?.query()
  return locks?.held?.some(({ name }) => name === nameOf(orderId)) ?? false
}

async function send(batchId: string, photos: { place: Place; file: File }[], form: UploadForm | null): Promise<void> {
  const files = new Map(photos.map(({ place, file }) => [place.index, file]))
  const bytes = new Map<number, number>()
  const sent = new Set<number>()
  const refused = new Map<number, ApiProblem>()
  const at = (n: number) => photos[n]!.place.index
  sendings.set(batchId, { isOn: true, total: photos.length, sent, refused, sentBytes: 0, problem: null, files })
  window.addEventListener("beforeunload", warn)
  const awake = await navigator.wakeLock?.request("screen").catch(() => null)
  try {
    const left = await alone(batchId, () =>
      sendBatch(api, batchId, photos.map(({ place, file }) => ({ name: place.name, key: place.key, blob: file })), form, {
        lanes: LANES,
        onProgress(n, sentBytes) {
          bytes.set(at(n), sentBytes)
          note(batchId, { sentBytes: [...bytes.values()].reduce((sum, one) => sum + one, 0) })
        },
        onSent: (n) => note(batchId, { sent: new Set(sent.add(at(n))) }),
        onRefused: (n, problem) => note(batchId, { refused: new Map(refused.set(at(n), problem)) }),
      }),
    )
    if (left === 0) kept.drop(nameOf(batchId))
    note(batchId, { isOn: false })
  } catch (error) {
    note(batchId, { isOn: false, problem: toProblem(error) })
  } finally {
    void awake?.release()
    if (![...sendings.values()].some(({ isOn }) => isOn)) window.removeEventListener("beforeunload", warn)
  }
}

/** Does it as the only tab; another one may see that it does. */
export async function alone<T>(orderId: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? await navigator.locks.request(nameOf(orderId), work) : work()
}

const warn = (event: BeforeUnloadEvent): void => event.preventDefault()
