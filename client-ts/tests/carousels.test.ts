import { afterEach, expect, test } from "vitest"

import { carouselMade, orderCarousel } from "../src/carousels.ts"
import { closeService, service, STUDIO } from "./service.ts"

afterEach(closeService)

test("a carousel is ordered, and looked at until it is over", async () => {
  const { api, asked } = await service(
    { status: 202, data: { creditsUsed: 30 } },
    { status: 200, data: { status: "processing" } },
    { status: 200, data: { status: "completed" } },
  )
  const seen: string[] = []
  await orderCarousel(api, "p1", { slides: [{ itemId: "i1" }, { itemId: "i2" }] })
  expect((await carouselMade(api, "c1", ({ status }) => seen.push(status))).status).toBe("completed")
  expect(seen).toEqual(["processing", "completed"])
  expect(asked).toEqual([
    `POST ${STUDIO}/projects/p1/create-carousel`,
    `GET ${STUDIO}/carousels/c1?wait=0`,
    `GET ${STUDIO}/carousels/c1?wait=2`,
  ])
})
