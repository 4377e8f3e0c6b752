import { afterEach, expect, test } from "vitest"

import { madeBy, orderGeneration, preview } from "../src/studio.ts"
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
