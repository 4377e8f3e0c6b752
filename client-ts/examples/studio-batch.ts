// node examples/studio-batch.ts TEMPLATE FOLDER PHOTO...: photos in one template, in one order.
import { openAsBlob } from "node:fs"
import { writeFile } from "node:fs/promises"
import { basename, join, parse } from "node:path"

import { createProject, generationsMade, orderGenerations, orderUpload, sendUpload, studioPrice, variationLink } from "lumiku-client"

import { loggedIn } from "./account.ts"

const [templateId, folder, ...photos] = process.argv.slice(2)
if (!templateId || !folder || !photos.length) throw new Error("usage: node examples/studio-batch.ts TEMPLATE FOLDER PHOTO...")

const api = await loggedIn()
const blobs = await Promise.all(photos.map((photo) => openAsBlob(photo)))
const { projectId } = await createProject(api, { name: basename(folder) })
const files = photos.map((photo, index) => ({ name: basename(photo), size: blobs[index]!.size }))
const accepted = await orderUpload(api, projectId, { files })
const sent = accepted.files.map(({ name, key }, index) => ({ name, key, blob: blobs[index]! }))
const kept = (await sendUpload(api, accepted, sent, accepted.upload)).files.flatMap((file) => file.itemId ?? [])

const { total } = await studioPrice(api, { features: ["template"], items: kept.length })
// One alone may have been paid for in part.
const expectedCredits = kept.length > 1 ? total : null
const ordered = await orderGenerations(api, projectId, { items: kept, templateId, expectedCredits })
const made = await generationsMade(api, ordered.generation.generationId, ({ status, progress, estimatedCompletionAt }) =>
  console.log(`${status}: ${progress.processedItems} of ${progress.totalItems}, until ${estimatedCompletionAt ?? "?"}`),
)
for (const { itemId, fileName, variationId, error } of made.items ?? []) {
  if (!variationId) console.error(`${fileName}: ${error?.message ?? "not made"}`)
  else {
    const { url } = await variationLink(api, itemId, { variation: variationId })
    await writeFile(join(folder, `${parse(fileName).name}.png`), Buffer.from(await (await fetch(url)).arrayBuffer()))
  }
}
console.log(`${made.progress.processedItems} of ${made.progress.totalItems}, ${made.creditsUsed} credits`)
