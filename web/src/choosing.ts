import { facts } from "./prices.ts"

/** A photo that was chosen; its name has the folder in it, as two folders may have the same names. */
export interface Chosen {
  name: string
  file: File
}

export type Reason = "type" | "size" | "empty" | "many" | "total" | "twice"

export interface Refused {
  name: string
  reason: Reason
}

// Browsers know no type of HEIC and others; what it is in truth, the service tells by content.
const PHOTO_NAMES = /\.(jpe?g|png|webp|hei[cf]|avif|tiff?|bmp|gif)$/i

const identity = ({ name, file }: Chosen) => `${name}/${file.size}`

interface Limits {
  photoBytes: number
  photos: number
  totalBytes: number
}

const OF_A_BATCH: Limits = { photoBytes: facts.maxPhotoBytes, photos: facts.batch.max, totalBytes: facts.maxBatchBytes }

/** Adds photos to those there are, and says which are left out and why. */
export function admit(
  there: readonly Chosen[],
  more: readonly Chosen[],
  limits = OF_A_BATCH,
): { chosen: Chosen[]; refused: Refused[] } {
  const chosen = [...there]
  const refused: Refused[] = []
  const known = new Set(there.map(identity))
  let total = there.reduce((sum, { file }) => sum + file.size, 0)
  for (const one of more) {
    const { name, file } = one
    const reason = whyNot()
    if (reason) refused.push({ name, reason })
    else {
      known.add(identity(one))
      total += file.size
      chosen.push(one)
    }
    function whyNot(): Reason | null {
      if (!file.type.startsWith("image/") && !PHOTO_NAMES.test(name)) return "type"
      if (file.size === 0) return "empty"
      if (file.size > limits.photoBytes) return "size"
      if (known.has(identity(one))) return "twice"
      if (chosen.length >= limits.photos) return "many"
      return total + file.size > limits.totalBytes ? "total" : null
    }
  }
  return { chosen, refused }
}

// An order takes no longer name; its end tells more than its beginning.
const LONGEST_NAME = 255
const named = (file: File, name: string): Chosen => ({ file, name: name.slice(-LONGEST_NAME) })

export function fromInput(files: Iterable<File>): Chosen[] {
  return [...files].map((file) => named(file, file.webkitRelativePath || file.name))
}

/** Everything that was dropped, folders with all that is in them. */
export async function fromDrop(data: DataTransfer): Promise<Chosen[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return fromInput(data.files)
  const found = await Promise.all(entries.map((entry) => below(entry, "")))
  return found.flat()
}

async function below(entry: FileSystemEntry, folder: string): Promise<Chosen[]> {
  if (entry.name.startsWith(".")) return []
  const name = folder + entry.name
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [named(file, name)]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: Chosen[] = []
  for (;;) {
    // A call gives at most 100 of them.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return found
    for (const one of some) found.push(...(await below(one, `${name}/`)))
  }
}
