import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"

import { afterEach, expect, test } from "vitest"

import { type Api, connect } from "../src/connection.ts"
import { madeBy, orderGeneration, preview } from "../src/studio.ts"

let server: Server | undefined
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))))

/** A service that gives these answers, one after the other; what it was asked. */
async function service(...answers: { status: number; data: object }[]): Promise<{ api: Api; asked: string[] }> {
  const asked: string[] = []
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const { status, data } = answers.shift()!
    response.writeHead(status, { "Content-Type": "application/json", "Retry-After": "0" }).end(JSON.stringify({ success: true, data }))
  })
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve))
  return { api: connect({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }), asked }
}

const STUDIO = "/api/apps/product-photo-studio"

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
