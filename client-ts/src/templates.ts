import { type Api, answer, newKey } from "./connection.ts"
import { keyed, type Query, STUDIO } from "./routes.ts"
import type { components } from "./schema.d.ts"

type Schemas = components["schemas"]
export type Template = Schemas["TemplateBody"]

const ofTemplate = (template_id: string) => ({ params: { path: { template_id } } })

/** All that are sought, however many pages they have, in the order of `sort`. */
export async function templates(api: Api, query: Query<"listTemplates"> = {}, signal?: AbortSignal): Promise<Template[]> {
  const params = { query }
  const list = await answer(api.GET(`${STUDIO}/templates`, { params, signal: signal ?? null }))
  if (!list.nextCursor) return list.templates
  return [...list.templates, ...(await templates(api, { ...query, cursor: list.nextCursor }, signal))]
}

export function template(api: Api, templateId: string): Promise<Schemas["TemplateView"]> {
  return answer(api.GET(`${STUDIO}/templates/{template_id}`, ofTemplate(templateId)))
}

/** A template of the account's own, on premium; an administrator's with `public` is everybody's. */
export function createTemplate(api: Api, body: Schemas["NewTemplate"], key = newKey()): Promise<Schemas["TemplateView"]> {
  return answer(api.POST(`${STUDIO}/templates`, { params: { header: keyed(key) }, body }))
}

/** What is left out stays; what was ordered before stays as it was. */
export function changeTemplate(api: Api, templateId: string, body: Schemas["TemplateChange"]): Promise<Schemas["TemplateView"]> {
  return answer(api.PATCH(`${STUDIO}/templates/{template_id}`, { ...ofTemplate(templateId), body }))
}

/** Nobody can apply it any more; what it made stays. */
export function retireTemplate(api: Api, templateId: string): Promise<Schemas["TemplateView"]> {
  return answer(api.DELETE(`${STUDIO}/templates/{template_id}`, ofTemplate(templateId)))
}

/** 1 to 5 stars in place of those before, of whoever has a paid picture of it. */
export function rateTemplate(api: Api, templateId: string, stars: number): Promise<Schemas["RatingBody"]> {
  return answer(api.PUT(`${STUDIO}/templates/{template_id}/rating`, { ...ofTemplate(templateId), body: { stars } }))
}
