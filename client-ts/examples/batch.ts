// node examples/batch.ts results.zip mug.jpg shoe.jpg ...: many photos as one order.
import { openAsBlob } from "node:fs"
import { writeFile } from "node:fs/promises"
import { basename } from "node:path"

import { answer, archiveOf, follow, itemsOf, orderBatch, sendBatch } from "lumiku-client"

import { loggedIn } from "./account.ts"

const [target, ...paths] = process.argv.slice(2)
if (!target || paths.length < 2) throw new Error("usage: node examples/batch.ts ZIP PHOTO PHOTO ...")

const api = await loggedIn()
const price = await answer(
  api.POST("/api/apps/background-remover/pricing/calculate", {
    body: { tier: "basic", imageCount: paths.length },
  }),
)
const blobs = await Promise.all(paths.map((path) => openAsBlob(path)))
const batch = await orderBatch(
  api,
  paths.map((path, index) => ({ name: basename(path), size: blobs[index]!.size })),
  { tier: "basic", expectedCredits: price.today.credits },
)
const photos = batch.files.flatMap(({ index, name, key }) =>
  key ? [{ name, key, blob: blobs[index]! }] : [],
)
await sendBatch(api, batch.batchId, photos, batch.upload, {
  onRefused: (index, problem) => console.error(`${photos[index]!.name}: ${problem.message}`),
})
for await (const { status, progress } of follow(api, batch.batchId)) {
  console.error(`${status}: ${progress.processedImages} of ${progress.totalImages}`)
}
for (const item of (await itemsOf(api, batch.batchId)).items) {
  console.log(`${item.fileName}: ${item.error?.message ?? item.status}`)
}
const { url } = await archiveOf(api, batch.batchId)
await writeFile(target, Buffer.from(await (await fetch(url)).arrayBuffer()))
