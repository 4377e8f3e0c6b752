import { afterEach, expect, test } from "vitest"

import { exported, orderExport, retryExport } from "../src/exports.ts"
import { closeService, service, STUDIO } from "./service.ts"

afterEach(closeService)

test("an export is ordered, and looked at until it is over", async () => {
  const { api, asked } = await service(
    { status: 202, data: { creditsUsed: 10 } },
    { status: 200, data: { status: "processing", donePictures: 1 } },
    { status: 200, data: { status: "completed", donePictures: 2 } },
    { status: 202, data: { creditsUsed: 0 } },
  )
  const seen: number[] = []
  await orderExport(api, "p1", { items: "all", destinations: ["shopee", "tokopedia"] })
  expect((await exported(api, "e1", ({ donePictures }) => seen.push(donePictures))).status).toBe("completed")
  expect((await retryExport(api, "e1")).creditsUsed).toBe(0)
  expect(seen).toEqual([1, 2])
  expect(asked).toEqual([
    `POST ${STUDIO}/projects/p1/export-zip`,
    `GET ${STUDIO}/exports/e1?wait=0`,
    `GET ${STUDIO}/exports/e1?wait=2`,
    `POST ${STUDIO}/exports/e1/retry`,
  ])
})
