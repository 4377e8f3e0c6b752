import { afterEach, expect, test } from "vitest"

import { connectApp, connections, disconnectApp, exportTo, upscale, useBackgroundRemover } from "../src/connections.ts"
import { closeService, service, STUDIO } from "./service.ts"

afterEach(closeService)

test("apps are connected, given pictures and disconnected", async () => {
  const { api, asked } = await service(
    { status: 200, data: { connections: [{ app: "image-upscaler", grant: null }] } },
    { status: 200, data: { app: "image-upscaler", grant: { monthlyCap: 500 } } },
    { status: 200, data: { jobId: "j1" } },
    { status: 200, data: { app: "image-upscaler" } },
  )
  expect((await connections(api))[0]!.grant).toBeNull()
  expect((await connectApp(api, "image-upscaler", ["remove"], 500)).grant?.monthlyCap).toBe(500)
  expect((await exportTo(api, "i1", "image-upscaler")).jobId).toBe("j1")
  await disconnectApp(api, "image-upscaler")
  expect(asked).toEqual([
    "GET /api/connections",
    "PUT /api/connections/image-upscaler",
    `POST ${STUDIO}/items/i1/export-to/image-upscaler`,
    "DELETE /api/connections/image-upscaler",
  ])
})

test("an item is enlarged, and cut out by the remover", async () => {
  const { api, asked } = await service({ status: 202, data: { creditsUsed: 20 } }, { status: 202, data: { creditsUsed: 25 } })
  expect((await upscale(api, "i1", { factor: 4 })).creditsUsed).toBe(20)
  expect((await useBackgroundRemover(api, "i1", { tier: "industry" })).creditsUsed).toBe(25)
  expect(asked).toEqual([`POST ${STUDIO}/items/i1/upscale`, `POST ${STUDIO}/items/i1/use-background-remover`])
})
