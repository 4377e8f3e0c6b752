// node examples/studio.ts mug.jpg mug.png: one photo in the first template of the plan.
import { openAsBlob } from "node:fs"
import { writeFile } from "node:fs/promises"
import { basename } from "node:path"

import { createProject, madeBy, orderGeneration, orderUpload, sendUpload, studioPrice, templates, variationLink } from "lumiku-client"

import { loggedIn } from "./account.ts"

const [photo, target] = process.argv.slice(2)
if (!photo || !target) throw new Error("usage: node examples/studio.ts PHOTO TARGET")

const api = await loggedIn()
const blob = await openAsBlob(photo)
const name = basename(photo)
const { projectId } = await createProject(api, { name })
const accepted = await orderUpload(api, projectId, { files: [{ name, size: blob.size }] })
const photos = accepted.files.map(({ name, key }) => ({ name, key, blob }))
const [file] = (await sendUpload(api, accepted, photos, accepted.upload)).files
if (!file?.itemId) throw new Error(file?.error?.message ?? "the photo was not kept")

const template = (await templates(api)).find((one) => one.inPlan)
if (!template) throw new Error("the plan has no template")
const { total } = await studioPrice(api, { features: ["template"] })
const ordered = await orderGeneration(api, file.itemId, { templateId: template.templateId }, total)
const made = ordered.generation && (await madeBy(api, ordered.generation.generationId))
if (made?.error) throw new Error(made.error.message)
const link = await variationLink(api, file.itemId, {})
await writeFile(target, Buffer.from(await (await fetch(link.url)).arrayBuffer()))
console.log(`${name}: ${template.name}, ${accepted.creditsUsed + ordered.creditsUsed} credits, ${target}`)
