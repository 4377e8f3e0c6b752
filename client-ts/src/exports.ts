import { type Api, answer, type Asked, newKey } from "./connection.ts"
import { isAlive } from "./removals.ts"
import { keyed, STUDIO } from "./routes.ts"
import type { components } from "./schema.d.ts"

type Schemas = components["schemas"]
export type Export = Schemas["ExportBody"]
export type ExportLink = Schemas["ExportLink"]
export type ExportFiles = Pick<Schemas["ExportInput"], "formats" | "sizes" | "destinations" | "watermark">
export type Platform = Schemas["PlatformBody"]
export type Destination = Schemas["DestinationBody"]

const ofExport = (export_id: string) => ({ params: { path: { export_id } } })

/** All platforms: what their places ask of a picture, who says so and since when. */
export function platforms(api: Api, signal?: AbortSignal): Promise<Platform[]> {
  // The client's types lose that a ratio is a pair.
  const asked = api.GET(`${STUDIO}/platforms`, { signal: signal ?? null }) as Promise<Asked<{ data: Schemas["PlatformList"] }>>
  return answer(asked).then((list) => list.platforms)
}

/** Pays for an export of items, or of all that have a picture, and starts it. */
export function orderExport(
  api: Api,
  projectId: string,
  body: Schemas["ExportInput"],
  key = newKey(),
): Promise<Schemas["ExportOrdered"]> {
  const params = { path: { project_id: projectId }, header: keyed(key) }
  return answer(api.POST(`${STUDIO}/projects/{project_id}/export-zip`, { params, body }))
}

/** An export as it is now, or up to 20 seconds later if it ends in that time. */
export function exportSeen(api: Api, exportId: string, waitS = 0, signal?: AbortSignal): Promise<Export> {
  const params = { path: { export_id: exportId }, query: { wait: waitS } }
  return answer(api.GET(`${STUDIO}/exports/{export_id}`, { params, signal: signal ?? null }))
}

/** An export once it is over; `onLook` is told how far it is meanwhile. */
export async function exported(
  api: Api,
  exportId: string,
  onLook: (seen: Export) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Export> {
  for (let waitS = 0; ; waitS = Math.min(20, 2 * waitS + 2)) {
    const seen = await exportSeen(api, exportId, waitS, signal)
    onLook(seen)
    if (!isAlive(seen.status)) return seen
  }
}

/** Leaves out what nobody has begun. */
export function cancelExport(api: Api, exportId: string): Promise<Export> {
  return answer(api.POST(`${STUDIO}/exports/{export_id}/cancel`, ofExport(exportId)))
}

/** A new export of the pictures that failed, at what came back for them. */
export function retryExport(api: Api, exportId: string, key = newKey()): Promise<Schemas["ExportOrdered"]> {
  const params = { path: { export_id: exportId }, header: keyed(key) }
  return answer(api.POST(`${STUDIO}/exports/{export_id}/retry`, { params }))
}

/** A link to the ZIP. Send no Authorization header to it. */
export function exportLink(api: Api, exportId: string): Promise<ExportLink> {
  const asked = api.GET(`${STUDIO}/exports/{export_id}/download`, ofExport(exportId))
  return answer(asked as Promise<Asked<{ data: ExportLink }>>)
}

/** A link to the report: rule by rule what was measured. */
export function exportReport(api: Api, exportId: string): Promise<ExportLink> {
  const asked = api.GET(`${STUDIO}/exports/{export_id}/report`, ofExport(exportId))
  return answer(asked as Promise<Asked<{ data: ExportLink }>>)
}
