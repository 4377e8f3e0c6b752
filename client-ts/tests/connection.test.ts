import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

import { afterEach, beforeEach, expect, test, vi } from "vitest"

import { answer, type Api, connect, type Tokens } from "../src/connection.ts"
import { ApiProblem, SESSION_OVER } from "../src/problems.ts"

let server: Server | undefined
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0)) // no pauses
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))))

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function service(handler: Handler, tokens: Tokens | null = null): Promise<{ api: Api; session: () => Tokens | null }> {
  let kept = tokens
  server = createServer(handler)
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const session = { get: () => kept, put: (put: Tokens | null) => void (kept = put) }
  return { api: connect({ baseUrl, session, language: () => "id", patienceMs: 3_000 }), session: () => kept }
}

function json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body))
}

const credits = { success: true, data: { balance: 5 } }

test("a token that has run out is renewed once for all calls that wait for it", async () => {
  let renewals = 0
  const { api, session } = await service((request, response) => {
    if (request.url === "/api/auth/refresh") {
      renewals++
      return json(response, 200, { success: true, data: { token: "new", refreshToken: "r2" } })
    }
    const isNew = request.headers.authorization === "Bearer new"
    json(response, isNew ? 200 : 401, isNew ? credits : { message: "Unauthorized" })
  }, { token: "old", refreshToken: "r" })
  const seen = await Promise.all([1, 2, 3].map(() => answer(api.GET("/api/credits"))))
  expect(seen.map(({ balance }) => balance)).toEqual([5, 5, 5])
  expect([renewals, session()?.token]).toEqual([1, "new"])
})

test("a session that is over ends, and says so", async () => {
  const { api, session } = await service((_, response) => json(response, 401, { message: "Unauthorized" }), {
    token: "old",
    refreshToken: "r",
  })
  await expect(answer(api.GET("/api/credits"))).rejects.toMatchObject({ code: SESSION_OVER, status: 401 })
  expect(session()).toBeNull()
})

test("what may be repeated is repeated, an order only with its key", async () => {
  const asked: Record<string, number> = {}
  const { api } = await service((request, response) => {
    request.resume()
    const what = `${request.method} ${request.headers["idempotency-key"] ?? ""}`
    asked[what] = (asked[what] ?? 0) + 1
    if (asked[what] === 1) json(response, 503, { message: "Service Unavailable" })
    else json(response, 202, { success: true, data: { jobId: "j" } })
  })
  const body = { fileName: "a.jpg", fileSize: 1, tier: "basic" } as const
  const remove = (header: { "Idempotency-Key"?: string }) =>
    answer(api.POST("/api/apps/background-remover/remove", { params: { header }, body }))
  expect(await remove({ "Idempotency-Key": "k" })).toMatchObject({ jobId: "j" })
  await expect(remove({})).rejects.toMatchObject({ status: 503 })
  expect(asked).toEqual({ "POST k": 2, "POST ": 1 })
})

test("a refusal has its code, its numbers and its language", async () => {
  const { api } = await service((request, response) => {
    const isIndonesian = request.headers["accept-language"] === "id"
    json(response, 402, { code: "insufficient_credits", detail: isIndonesian ? "Kurang" : "Short", needed: 8, available: 2 })
  })
  const problem = await answer(api.GET("/api/credits")).catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(ApiProblem)
  expect(problem).toMatchObject({ status: 402, message: "Kurang", facts: { needed: 8, available: 2 } })
})

test("calls say for which workspace they are, as long as one is chosen", async () => {
  const seen: unknown[] = []
  await service((request, response) => {
    seen.push(request.headers["x-workspace"])
    json(response, 200, credits)
  })
  let chosen: string | null = "w1"
  const baseUrl = `http://127.0.0.1:${(server!.address() as AddressInfo).port}`
  const api = connect({ baseUrl, workspace: () => chosen })
  await answer(api.GET("/api/credits"))
  chosen = null
  await answer(api.GET("/api/credits"))
  expect(seen).toEqual(["w1", undefined])
})

test("a server that cannot be reached is a problem too", async () => {
  const api = connect({ baseUrl: "http://127.0.0.1:9", patienceMs: 0 })
  await expect(answer(api.GET("/api/credits"))).rejects.toMatchObject({ code: "unreachable", status: 0 })
})
