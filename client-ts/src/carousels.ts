import { type Api, answer, type Asked, newKey } from "./connection.ts"
import type { ExportLink } from "./exports.ts"
import { isAlive } from "./removals.ts"
import { keyed, STUDIO } from "./routes.ts"
import type { components } from "./schema.d.ts"

type Schemas = components["schemas"]
export type Carousel = Schemas["CarouselBody"]
export type CarouselInput = Schemas["CarouselInput"]
export type SlideLayouts = Schemas["Layouts"]

const ofCarousel = (carousel_id: string) => ({ params: { path: { carousel_id } } })

/** What slides can look like, in which sizes, and how much can be written on one. */
export function slideLayouts(api: Api, signal?: AbortSignal): Promise<SlideLayouts> {
  // The client's types lose that a size is a pair.
  const asked = api.GET(`${STUDIO}/carousel-layouts`, { signal: signal ?? null }) as Promise<Asked<{ data: SlideLayouts }>>
  return answer(asked)
}

/** Pays for 2 to 10 slides of a project's pictures, and starts them. */
export function orderCarousel(api: Api, projectId: string, body: CarouselInput, key = newKey()): Promise<Schemas["CarouselOrdered"]> {
  const params = { path: { project_id: projectId }, header: keyed(key) }
  return answer(api.POST(`${STUDIO}/projects/{project_id}/create-carousel`, { params, body }))
}

/** A carousel once it is over; `onLook` is told how far it is meanwhile. */
export async function carouselMade(
  api: Api,
  carouselId: string,
  onLook: (seen: Carousel) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Carousel> {
  for (let wait = 0; ; wait = Math.min(20, 2 * wait + 2)) {
    const params = { path: { carousel_id: carouselId }, query: { wait } }
    const seen = await answer(api.GET(`${STUDIO}/carousels/{carousel_id}`, { params, signal: signal ?? null }))
    onLook(seen)
    if (!isAlive(seen.status)) return seen
  }
}

/** A link to the ZIP of slides. Send no Authorization header to it. */
export function carouselLink(api: Api, carouselId: string): Promise<ExportLink> {
  const asked = api.GET(`${STUDIO}/carousels/{carousel_id}/download`, ofCarousel(carouselId))
  return answer(asked as Promise<Asked<{ data: ExportLink }>>)
}
