import { sendUpload, type StudioUpload, upload, type UploadForm } from "lumiku-client"
import { useEffect, useState } from "react"

import type { Chosen } from "../choosing.ts"
import { api, kept } from "../client.ts"
import { FileButton } from "../parts/dropzone.tsx"
import { Bar } from "../parts/small.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { alone, isSentElsewhere, nameOf } from "../sending.ts"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { useStudioWords } from "./words.ts"

const LOOKS_MS = 3_000

/** A photo of an upload, as it is kept so that a reloaded page can go on. */
interface Place {
  index: number
  name: string
  size: number
  key: string
}

export interface Ordered {
  projectId: string
  uploadId: string
  places: Place[]
}

/** The upload of a project that this browser began and has not seen the end of. */
export const unfinished = (projectId: string): Ordered | null => kept.read<Ordered>(nameOf(projectId))

/** Sends the photos of an upload that are among `chosen`, and looks until it is over. */
export async function finishUpload(ordered: Ordered, chosen: Chosen[], form: UploadForm | null, onSent: () => void): Promise<StudioUpload> {
  const files = new Map(chosen.map(({ name, file }) => [identity(name, file.size), file]))
  const photos = ordered.places.flatMap(({ name, size, key }) => {
    const blob = files.get(identity(name, size))
    return blob ? [{ name, key, blob }] : []
  })
  kept.write(nameOf(ordered.projectId), ordered)
  const seen = await alone(ordered.uploadId, () => sendUpload(api, ordered, photos, form, { onSent }))
  kept.drop(nameOf(ordered.projectId))
  return seen
}

const identity = (name: string, size: number) => `${name}/${size}`

/** After a reload: what is missing is sent from the same photos, or given back. */
export function Unfinished({ ordered, onOver }: { ordered: Ordered; onOver: (seen: StudioUpload) => void }) {
  const { refresh } = useApp()
  const { gallery: said } = useStudioWords()
  const [sent, setSent] = useState<number | null>(null)
  const [matches, setMatches] = useState(true)
  const doing = useDoing()
  const asked = useAsk(ordered.uploadId, async (signal) => {
    const [seen, elsewhere] = await Promise.all([upload(api, ordered, signal), isSentElsewhere(ordered.uploadId)])
    const missing = new Set(seen.files.flatMap(({ index, status }) => (status === "pending" ? [index] : [])))
    if (missing.size === 0) over(seen)
    return { elsewhere, left: { ...ordered, places: ordered.places.filter(({ index }) => missing.has(index)) } }
  })
  const { again } = asked
  const isElsewhere = asked.value?.elsewhere === true && sent === null
  useEffect(() => {
    if (!isElsewhere) return
    const timer = setTimeout(again, LOOKS_MS)
    return () => clearTimeout(timer)
  }, [isElsewhere, asked.value])
  const over = (seen: StudioUpload) => {
    kept.drop(nameOf(ordered.projectId))
    refresh()
    onOver(seen)
  }
  const goOn = (left: Ordered, chosen: Chosen[]) =>
    doing.run(async () => {
      const known = new Set(left.places.map(({ name, size }) => identity(name, size)))
      const found = chosen.filter(({ name, file }) => known.has(identity(name, file.size)))
      setMatches(chosen.length === 0 || found.length > 0)
      if (chosen.length > 0 && found.length === 0) return
      setSent(0)
      try {
        over(await finishUpload(ordered, found, null, () => setSent((n) => (n ?? 0) + 1)))
      } finally {
        setSent(null)
      }
    })
  if (asked.problem) return asked.problem.status === 404 ? null : <Trouble problem={asked.problem} again={asked.again} />
  if (!asked.value || asked.value.left.places.length === 0) return null
  const { left } = asked.value
  if (isElsewhere) return <Notice tone="still">{said.elsewhere}</Notice>
  return (
    <Notice tone="still">
      <p>{said.resume(left.places.length)}</p>
      {!matches && <p>{said.resumeNone}</p>}
      {sent === null ? (
        <div className="ways">
          <FileButton main onPhotos={(chosen) => goOn(left, chosen)}>
            {said.resumeGo}
          </FileButton>
          <button type="button" className="button quiet" disabled={doing.busy} onClick={() => goOn(left, [])}>
            {said.finish}
          </button>
        </div>
      ) : (
        <Bar value={sent} max={left.places.length} label={said.keeping} />
      )}
      <Trouble problem={doing.problem} />
    </Notice>
  )
}
