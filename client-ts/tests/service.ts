import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"

import { type Api, connect } from "../src/connection.ts"

export const STUDIO = "/api/apps/product-photo-studio"

let server: Server | undefined
export const closeService = () => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))

/** A service that gives these answers, one after the other; what it was asked. */
export async function service(...answers: { status: number; data: object; etag?: string }[]): Promise<{ api: Api; asked: string[] }> {
  const asked: string[] = []
  server = createServer((request, response) => {
    const known = request.headers["if-none-match"]
    asked.push(`${request.method} ${request.url}${known ? ` unless ${known}` : ""}`)
    const { status, data, etag } = answers.shift()!
    const headers = { "Content-Type": "application/json", "Retry-After": "0", ...(etag && { ETag: etag }) }
    if (status === 304) return response.writeHead(status, headers).end()
    response.writeHead(status, headers).end(JSON.stringify({ success: true, data }))
  })
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve))
  return { api: connect({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }), asked }
}
