import { type Api, answer, type Asked, newKey, problemIn } from "./connection.ts"
import { isAlive } from "./removals.ts"
import { pause } from "./retrying.ts"
import { keyed, type Query, STUDIO } from "./routes.ts"
import type { components } from "./schema.d.ts"
import { type Photo, type Sending, type UploadForm, uploadAll } from "./uploads.ts"

type Schemas = components["schemas"]
export type Project = Schemas["ProjectBody"]
/** A project with its newest photos, shown small. */
export type ProjectView = Schemas["ProjectView"]
export type Item = Schemas["ProjectItem"]
export type Look = Schemas["Look"]
export type Variation = Schemas["VariationBody"]
export type Generation = Schemas["GenerationBody"]
export type StudioUpload = Schemas["UploadBody"]
export type UploadAccepted = Schemas["UploadAccepted"]
export type StudioPrice = Schemas["StudioPriceAnswer"]
export type ItemQuote = Schemas["ItemQuoteBody"]
/** What shall become of a photo: a look of one's own, or a template as it is. */
export type Wanted = { workflow: Look } | { templateId: string }

/** At most so many items are listed or changed at once. */
export const MAX_ITEMS = 100

const ofProject = (project_id: string) => ({ params: { path: { project_id } } })
const ofItem = (item_id: string) => ({ params: { path: { item_id } } })
const ofVariation = (variation_id: string) => ({ params: { path: { variation_id } } })

// Projects

export function projects(api: Api, query: Query<"listProjects"> = {}, signal?: AbortSignal): Promise<Schemas["ProjectPage"]> {
  return answer(api.GET(`${STUDIO}/projects`, { params: { query }, signal: signal ?? null }))
}

export function project(api: Api, projectId: string): Promise<ProjectView> {
  return answer(api.GET(`${STUDIO}/projects/{project_id}`, ofProject(projectId)))
}

export function createProject(api: Api, body: Schemas["ProjectInput"], key = newKey()): Promise<Project> {
  return answer(api.POST(`${STUDIO}/projects`, { params: { header: keyed(key) }, body }))
}

/** What is left out stays; `null` takes away. */
export function changeProject(api: Api, projectId: string, body: Schemas["ProjectChange"]): Promise<Project> {
  return answer(api.PATCH(`${STUDIO}/projects/{project_id}`, { ...ofProject(projectId), body }))
}

/** Deletes it with all its photos; refused while something runs in it, unless that is to be cancelled. */
export async function deleteProject(api: Api, projectId: string, cancel = false): Promise<void> {
  const params = { path: { project_id: projectId }, query: { cancel } }
  await answer(api.DELETE(`${STUDIO}/projects/{project_id}`, { params }))
}

// Uploads

/** Orders an upload of 1 to 100 photos. */
export function orderUpload(
  api: Api,
  projectId: string,
  body: Schemas["UploadRequest"],
  key = newKey(),
): Promise<UploadAccepted> {
  return answer(
    api.POST(`${STUDIO}/projects/{project_id}/items/upload`, {
      params: { path: { project_id: projectId }, header: keyed(key) },
      body,
    }),
  )
}

/** An upload of a project, by its two ids. */
export type UploadOf = Pick<UploadAccepted, "projectId" | "uploadId">
const ofUpload = ({ projectId, uploadId }: UploadOf) => ({ params: { path: { project_id: projectId, upload_id: uploadId } } })

/** What has become of an upload until now. */
export function upload(api: Api, of: UploadOf, signal?: AbortSignal): Promise<StudioUpload> {
  return answer(api.GET(`${STUDIO}/projects/{project_id}/uploads/{upload_id}`, { ...ofUpload(of), signal: signal ?? null }))
}

/** Sends photos of an upload, each with its `key`, and looks until every photo is an item or refused.
 *
 * Without a form (after a reload) another one is asked for. Photos whose network failed are given back with those
 * that are refused. */
export async function sendUpload(
  api: Api,
  of: UploadOf,
  photos: readonly Photo[],
  form: UploadForm | null,
  sending: Omit<Sending, "form" | "renew"> = {},
): Promise<StudioUpload> {
  const renew = () => answer(api.POST(`${STUDIO}/projects/{project_id}/uploads/{upload_id}/upload-policy`, ofUpload(of)))
  if (photos.length > 0) await uploadAll(photos, { ...sending, form: form ?? (await renew()), renew })
  await answer(api.POST(`${STUDIO}/projects/{project_id}/uploads/{upload_id}/finish`, ofUpload(of)))
  return uploadKept(api, of, sending.signal)
}

/** An upload once every photo of it is an item or refused. */
export async function uploadKept(api: Api, of: UploadOf, signal?: AbortSignal): Promise<StudioUpload> {
  for (;;) {
    const seen = await upload(api, of, signal)
    if (seen.status === "completed") return seen
    await pause(1500, signal)
  }
}

/** Lets the photos of finished removals become items, and tells of each why not; `uploadKept` tells how far that is. */
export function importRemovals(api: Api, projectId: string, body: Schemas["ImportRequest"], key = newKey()): Promise<Schemas["ImportAccepted"]> {
  const params = { path: { project_id: projectId }, header: keyed(key) }
  return answer(api.POST(`${STUDIO}/projects/{project_id}/items/import`, { params, body }))
}

// Items

export function items(
  api: Api,
  projectId: string,
  query: Query<"listItems"> = {},
  signal?: AbortSignal,
): Promise<Schemas["ProjectItemPage"]> {
  const params = { path: { project_id: projectId }, query }
  return answer(api.GET(`${STUDIO}/projects/{project_id}/items`, { params, signal: signal ?? null }))
}

/** All that are sought, however many pages they have, newest first. */
export async function everyItem(
  api: Api,
  projectId: string,
  query: Omit<Query<"listItems">, "limit"> = {},
  signal?: AbortSignal,
): Promise<Item[]> {
  const page = await items(api, projectId, { ...query, limit: MAX_ITEMS }, signal)
  if (!page.nextCursor) return page.items
  return [...page.items, ...(await everyItem(api, projectId, { ...query, cursor: page.nextCursor }, signal))]
}

export function item(api: Api, itemId: string): Promise<Item> {
  return answer(api.GET(`${STUDIO}/items/{item_id}`, ofItem(itemId)))
}

export function changeItem(api: Api, itemId: string, body: Schemas["ItemChange"]): Promise<Item> {
  return answer(api.PATCH(`${STUDIO}/items/{item_id}`, { ...ofItem(itemId), body }))
}

/** Changes or deletes up to 100 items: which were there, and which were not. */
export function changeItems(api: Api, projectId: string, body: Schemas["BulkChange"]): Promise<Schemas["BulkDone"]> {
  return answer(api.POST(`${STUDIO}/projects/{project_id}/items/bulk`, { ...ofProject(projectId), body }))
}

/** Names, SKUs and tags by file name or SKU: what became of each line. */
export function importCsv(api: Api, projectId: string, csv: string): Promise<Schemas["ImportBody"]> {
  return answer(api.POST(`${STUDIO}/projects/{project_id}/items/import-csv`, { ...ofProject(projectId), body: { csv } }))
}

// Looks

/** What uploads, a look for some items or an export cost now, and what the plan lacks for them. */
export function studioPrice(api: Api, body: Schemas["StudioPriceQuestion"], signal?: AbortSignal): Promise<StudioPrice> {
  return answer(api.POST(`${STUDIO}/pricing/calculate`, { body, signal: signal ?? null }))
}

/** A small picture of what an order would make, for nothing; waits while the background is being removed. */
export async function preview(api: Api, itemId: string, body: Wanted, signal?: AbortSignal): Promise<Schemas["PreviewBody"]> {
  for (;;) {
    const asked = api.POST(`${STUDIO}/items/{item_id}/preview`, { ...ofItem(itemId), body, signal: signal ?? null })
    const { data, error, response } = await asked
    if (!data) throw problemIn(error, response)
    if (data.data.status === "ready") return data.data
    await pause(Number(response.headers.get("Retry-After") ?? 2) * 1000, signal)
  }
}

/** What an order for an item would be charged now. */
export function itemQuote(api: Api, itemId: string, body: Wanted, signal?: AbortSignal): Promise<ItemQuote> {
  return answer(api.POST(`${STUDIO}/items/{item_id}/quote`, { ...ofItem(itemId), body, signal: signal ?? null }))
}

/** Orders a look or a template for an item; what was made before is answered at once, free. */
export function orderGeneration(
  api: Api,
  itemId: string,
  wanted: Wanted,
  expectedCredits: number | null,
  key = newKey(),
): Promise<Schemas["Ordered"]> {
  const params = { path: { item_id: itemId }, header: keyed(key) }
  const body = { ...wanted, expectedCredits }
  return "workflow" in body
    ? answer(api.POST(`${STUDIO}/items/{item_id}/process`, { params, body }))
    : answer(api.POST(`${STUDIO}/items/{item_id}/apply-template`, { params, body }))
}

/** The generation of one item once it is over. */
export async function madeBy(api: Api, generationId: string, signal?: AbortSignal): Promise<Generation> {
  const params = { path: { generation_id: generationId }, query: { wait: 20 } }
  for (;;) {
    const seen = await answer(api.GET(`${STUDIO}/generations/{generation_id}`, { params, signal: signal ?? null }))
    if (!("itemId" in seen)) throw new TypeError(`${generationId} is a batch`)
    if (!isAlive(seen.status)) return seen
  }
}

// Variations

/** What was made of an item, newest first; a page's `nextCursor` asks for older ones. */
export function variations(api: Api, itemId: string, query: Query<"listVariations"> = {}): Promise<Schemas["VariationPage"]> {
  return answer(api.GET(`${STUDIO}/items/{item_id}/variations`, { params: { path: { item_id: itemId }, query } }))
}

export function selectVariation(api: Api, variationId: string): Promise<Variation> {
  return answer(api.POST(`${STUDIO}/variations/{variation_id}/select`, ofVariation(variationId)))
}

export async function deleteVariation(api: Api, variationId: string): Promise<void> {
  await answer(api.DELETE(`${STUDIO}/variations/{variation_id}`, ofVariation(variationId)))
}

/** A link to a variation's picture. Send no Authorization header to it. */
export function variationLink(
  api: Api,
  itemId: string,
  query: Omit<Query<"downloadItem">, "redirect">,
): Promise<Schemas["VariationLink"]> {
  const params = { path: { item_id: itemId }, query }
  return answer(
    api.GET(`${STUDIO}/items/{item_id}/download`, { params }) as Promise<Asked<{ data: Schemas["VariationLink"] }>>,
  )
}
