import { count } from "../../words/numbers.ts"
import type { id } from "./imports-id.ts"

const n = (value: number) => count(value, "en")
const s = (value: number, one: string, many = `${one}s`) => `${n(value)} ${value === 1 ? one : many}`

export const en: typeof id = {
  title: "Import from the background remover",
  link: "Import removed backgrounds",
  tells: "Photos whose background was removed become photos of the project, up to 7 days after they were ordered.",
  one: "Single photos",
  batches: "Many photos",
  empty: "No background of a single photo has been removed yet.",
  emptyBatches: "No batch has been finished yet.",
  batch: (photos) => `${s(photos, "photo")} at once`,
  need: "Choose photos to import",
  most: (photos) => `At most ${s(photos, "photo")} at once`,
  go: (photos, price) => `Import ${s(photos, "photo")} · ${price}`,
  before: (photos) => (photos === 1 ? "1 photo was in this project before" : `${n(photos)} photos were in this project before`),
  importing: (photos) => (photos === 1 ? "1 photo is being imported. You may close this page." : `${n(photos)} photos are being imported. You may close this page.`),
  refused: (photos) => `${s(photos, "photo")} cannot be imported, and ${photos === 1 ? "is" : "are"} not charged`,
}
