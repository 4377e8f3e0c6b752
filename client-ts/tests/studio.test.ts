import { afterEach, expect, test } from "vitest"

import { generationsMade } from "../src/generations.ts"
import { everyItem, madeBy, orderGeneration, preview } from "../src/studio.ts"
import { closeService, service, STUDIO } from "./service.ts"

afterEach(closeService)

test("a preview is asked for again while the background is being removed", async () => {
  const preparing = { status: 202, data: { status: "preparing", image: null } }
  const { api, asked } = await service(preparing, preparing, { status: 200, data: { status: "ready", image: "data:," } })
  expect((await preview(api, "i1", { templateId: "t" })).image).toBe("data:,")
  expect(asked).toEqual(Array(3).fill(`POST ${STUDIO}/items/i1/preview`))
})

test("a preview that nobody waits for any more is asked for no more", async () => {
  const { api, asked } = await service({ status: 202, data: { status: "preparing" } })
  const stop = new AbortController()
  const seen = preview(api, "i1", { templateId: "t" }, stop.signal)
  stop.abort()
  await expect(seen).rejects.toThrow()
  expect(asked.length).toBeLessThanOrEqual(1)
})

test("looks and templates are ordered where they belong, and waited for", async () => {
  const { api, asked } = await service(
    { status: 202, data: { creditsUsed: 5 } },
    { status: 202, data: { creditsUsed: 15 } },
    { status: 200, data: { itemId: "i1", status: "processing" } },
    { status: 200, data: { itemId: "i1", status: "completed" } },
  )
  await orderGeneration(api, "i1", { workflow: { background: { action: "remove" } } }, 5)
  await orderGeneration(api, "i1", { templateId: "t" }, 15)
  expect((await madeBy(api, "g1")).status).toBe("completed")
  const waited = `GET ${STUDIO}/generations/g1?wait=20`
  expect(asked).toEqual([`POST ${STUDIO}/items/i1/process`, `POST ${STUDIO}/items/i1/apply-template`, waited, waited])
})

test("a batch is looked at until what is done is kept, which no ETag tells", async () => {
  const seen = (status: string, variationId: string | null) => ({
    isBatch: true,
    completedAt: status === "completed" ? "2026-01-02T03:04:05Z" : null,
    items: [{ status, variationId }],
  })
  const { api, asked } = await service(
    { status: 200, data: seen("processing", null), etag: '"1"' },
    { status: 304, data: {}, etag: '"1"' },
    { status: 200, data: seen("completed", null), etag: '"2"' },
    { status: 200, data: seen("completed", "v1"), etag: '"2"' },
  )
  const looks: object[] = []
  expect((await generationsMade(api, "g1", (one) => looks.push(one))).items?.[0]?.variationId).toBe("v1")
  expect(looks.length).toBe(3)
  const plain = `GET ${STUDIO}/generations/g1`
  expect(asked).toEqual([plain, ...Array(2).fill(`${plain}?wait=20 unless "1"`), plain])
})

test("a generation of one item is not waited for as a batch", async () => {
  const { api } = await service({ status: 200, data: { itemId: "i1", status: "completed" } })
  await expect(generationsMade(api, "g1")).rejects.toThrow("g1 is no batch")
})

test("all items are read, however many pages they have", async () => {
  const { api, asked } = await service(
    { status: 200, data: { items: [{ itemId: "i1" }], nextCursor: "c1" } },
    { status: 200, data: { items: [{ itemId: "i2" }], nextCursor: null } },
  )
  expect((await everyItem(api, "p1", { tag: "meja" })).map(({ itemId }) => itemId)).toEqual(["i1", "i2"])
  expect(asked).toEqual([
    `GET ${STUDIO}/projects/p1/items?tag=meja&limit=100`,
    `GET ${STUDIO}/projects/p1/items?tag=meja&cursor=c1&limit=100`,
  ])
})
