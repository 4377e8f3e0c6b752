// node examples/remove.ts mug.jpg mug.png: one photo, on a white background.
import { openAsBlob } from "node:fs"
import { writeFile } from "node:fs/promises"
import { basename } from "node:path"

import { answer, finished, resultOf, submit } from "lumiku-client"

import { loggedIn } from "./account.ts"

const [photo, target] = process.argv.slice(2)
if (!photo || !target) throw new Error("usage: node examples/remove.ts PHOTO TARGET")

const api = await loggedIn()
const price = await answer(
  api.POST("/api/apps/background-remover/pricing/calculate", { body: { tier: "basic", imageCount: 1 } }),
)
const jobId = await submit(api, new File([await openAsBlob(photo)], basename(photo)), {
  tier: "basic",
  background: "white",
  expectedCredits: price.today.credits,
})
const job = await finished(api, jobId)
if (job.error) throw new Error(job.error.message)
const link = await resultOf(api, jobId)
await writeFile(target, Buffer.from(await (await fetch(link.url)).arrayBuffer()))
console.log(`${job.fileName}: ${job.creditsUsed} credits, ${job.processingTimeMs} ms, ${target}`)
