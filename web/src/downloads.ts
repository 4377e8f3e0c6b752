/** Has the browser save what is at a link. */
export function save(url: string, name?: string): void {
  const link = document.createElement("a")
  link.href = url
  if (name) link.download = name
  document.body.append(link)
  link.click()
  link.remove()
}

/** Each of these, a moment after the other: a browser drops one that the next overtakes. */
export async function saveAll(urls: string[]): Promise<void> {
  for (const [index, url] of urls.entries()) {
    if (index > 0) await new Promise((resolve) => setTimeout(resolve, 1000))
    save(url)
  }
}

/** A picture on a colour, as a JPEG; null where the device cannot hold it. */
export async function onColour(picture: Blob, colour: string): Promise<Blob | null> {
  try {
    const bitmap = await createImageBitmap(picture)
    const canvas = document.createElement("canvas")
    canvas.width = bitmap.width
    canvas.height = bitmap.height
    const pencil = canvas.getContext("2d")
    if (!pencil) return null
    pencil.fillStyle = colour
    pencil.fillRect(0, 0, canvas.width, canvas.height)
    pencil.drawImage(bitmap, 0, 0)
    bitmap.close()
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92))
  } catch {
    return null
  }
}

export const stem = (name: string): string => name.replace(/^.*\//, "").replace(/\.\w+$/, "")
