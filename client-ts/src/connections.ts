import { type Api, answer, newKey } from "./connection.ts"
import type { components } from "./schema.d.ts"

type Schemas = components["schemas"]
export type Connection = Schemas["ConnectionBody"]
export type Scope = Schemas["GrantInput"]["scopes"][number]

const STUDIO = "/api/apps/product-photo-studio"
const ofApp = (app_name: string) => ({ params: { path: { app_name } } })
const ofItem = (item_id: string, key: string) => ({ path: { item_id }, header: { "Idempotency-Key": key } })

/** Other apps that can be connected, and what those that are may do. */
export async function connections(api: Api, signal?: AbortSignal): Promise<Connection[]> {
  return (await answer(api.GET("/api/connections", { signal: signal ?? null }))).connections
}

/** Lets an app act for the account, for at most so many credits a month. */
export function connectApp(api: Api, app: string, scopes: Scope[], monthlyCap: number): Promise<Connection> {
  return answer(api.PUT("/api/connections/{app_name}", { ...ofApp(app), body: { scopes, monthlyCap } }))
}

/** Allows an app nothing any more, at once. */
export function disconnectApp(api: Api, app: string): Promise<Schemas["Disconnected"]> {
  return answer(api.DELETE("/api/connections/{app_name}", ofApp(app)))
}

/** Hands what an item is shown by to an app; `redirectUrl` is where to go on there. */
export function exportTo(
  api: Api,
  itemId: string,
  app: string,
  body: Schemas["ExportToInput"] = {},
  key = newKey(),
): Promise<Schemas["HandedOver"]> {
  const params = { path: { item_id: itemId, app_name: app }, header: { "Idempotency-Key": key } }
  return answer(api.POST(`${STUDIO}/items/{item_id}/export-to/{app_name}`, { params, body }))
}

/** Pays for a picture of an item at 2 or 4 times its size. */
export function upscale(
  api: Api,
  itemId: string,
  body: Schemas["UpscaleInput"] = {},
  key = newKey(),
): Promise<Schemas["Ordered"]> {
  return answer(api.POST(`${STUDIO}/items/{item_id}/upscale`, { params: ofItem(itemId, key), body }))
}

/** Pays the background remover for a better cut-out, which the item keeps. */
export function useBackgroundRemover(
  api: Api,
  itemId: string,
  body: Schemas["RemoverInput"] = {},
  key = newKey(),
): Promise<Schemas["Ordered"]> {
  return answer(api.POST(`${STUDIO}/items/{item_id}/use-background-remover`, { params: ofItem(itemId, key), body }))
}
