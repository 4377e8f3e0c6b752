import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"

import { afterEach, beforeEach, expect, test, vi } from "vitest"

import { uploadAll, type UploadForm } from "../src/uploads.ts"

type Answer = (key: string, token: string) => { status: number; body?: string; retryAfter?: string }

let server: Server | undefined
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0)) // no pauses
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))))

/** A bucket that answers each form as `answer` says; the most that were open at once. */
async function bucket(answer: Answer): Promise<{ form: UploadForm; most: () => number }> {
  let open = 0
  let most = 0
  server = createServer((request, response) => {
    most = Math.max(most, ++open)
    const parts: Buffer[] = []
    request.on("data", (part: Buffer) => parts.push(part))
    request.on("end", () => {
      const text = Buffer.concat(parts).toString("latin1")
      const field = (name: string) => new RegExp(`name="${name}"\r\n\r\n([^\r]*)`).exec(text)?.[1] ?? ""
      const { status, body = "", retryAfter } = answer(field("key"), field("token"))
      setTimeout(() => {
        open--
        response.writeHead(status, retryAfter ? { "Retry-After": retryAfter } : {}).end(body)
      }, 5)
    })
  })
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { form: { url, fields: { token: "first" }, expiresAt: "" }, most: () => most }
}

const photos = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ name: `${n}.jpg`, key: `k${n}`, blob: new Blob([`photo ${n}`]) }))

test("every photo is sent once, and never more than the lanes allow at a time", async () => {
  const seen: string[] = []
  const { form, most } = await bucket((key) => (seen.push(key), { status: 201 }))
  const sent: number[] = []
  await uploadAll(photos(20), { form, lanes: 3, onSent: (index) => sent.push(index) })
  expect(seen.toSorted()).toEqual(photos(20).map(({ key }) => key).toSorted())
  expect(sent).toHaveLength(20)
  expect(most()).toBe(3)
})

test("a busy bucket is asked again, and progress ends with the whole photo", async () => {
  let asked = 0
  const { form } = await bucket(() => (++asked < 3 ? { status: 503 } : { status: 201 }))
  const bytes: number[] = []
  await uploadAll(photos(1), { form, onProgress: (_, sent) => bytes.push(sent) })
  expect(asked).toBe(3)
  expect(bytes.at(-1)).toBe("photo 0".length)
})

test("an expired form is renewed once for all photos that met it", async () => {
  const { form } = await bucket((_, token) => ({ status: token === "second" ? 201 : 403 }))
  let renewals = 0
  const renew = async () => (renewals++, { ...form, fields: { token: "second" } })
  const sent: number[] = []
  await uploadAll(photos(8), { form, renew, onSent: (index) => sent.push(index) })
  expect([renewals, sent.length]).toEqual([1, 8])
})

test("a photo that is refused for good is told, and does not hold up the others", async () => {
  const { form } = await bucket((key) =>
    key === "k1" ? { status: 400, body: "<Error><Code>EntityTooLarge</Code></Error>" } : { status: 201 },
  )
  const refused: [number, string][] = []
  const sent: number[] = []
  await uploadAll(photos(4), {
    form,
    onSent: (index) => sent.push(index),
    onRefused: (index, problem) => refused.push([index, problem.code]),
  })
  expect(refused).toEqual([[1, "EntityTooLarge"]])
  expect(sent.toSorted()).toEqual([0, 2, 3])
})

test("an abort ends everything with its reason", async () => {
  const { form } = await bucket(() => ({ status: 201 }))
  const stop = new AbortController()
  const going = uploadAll(photos(50), { form, lanes: 1, signal: stop.signal, onSent: () => stop.abort("enough") })
  await expect(going).rejects.toBe("enough")
})
