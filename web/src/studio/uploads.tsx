import { newKey, orderUpload, type StudioUpload, studioPrice } from "lumiku-client"
import { useCallback, useMemo, useState } from "react"

import { admit, type Chosen, type Refused } from "../choosing.ts"
import { api } from "../client.ts"
import { Dropzone, FileButton, useDrops } from "../parts/dropzone.tsx"
import { RefusedList } from "../parts/refused.tsx"
import { Bar, usePriceWord } from "../parts/small.tsx"
import { Thumbnail } from "../parts/thumbnail.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { facts } from "../prices.ts"
import { toProblem, useApp, useAsk, useDoing } from "../state.tsx"
import { finishUpload, Unfinished, unfinished } from "./unfinished.tsx"
import { useStudioWords } from "./words.ts"

const LIMITS = { photoBytes: facts.studio.maxPhotoBytes, photos: facts.studio.maxFiles, totalBytes: facts.maxBatchBytes }
const LONGEST_NAME = 150

/** Photos on their way into a project: chosen, priced, sent, kept. */
export function Uploads({ projectId, isFirst, onKept }: { projectId: string; isFirst: boolean; onKept: () => void }) {
  const { refresh, words } = useApp()
  const { gallery: said } = useStudioWords()
  const [chosen, setChosen] = useState<Chosen[]>([])
  const [refused, setRefused] = useState<Refused[]>([])
  const [sent, setSent] = useState<number | null>(null)
  const [done, setDone] = useState<StudioUpload | null>(null)
  const [left, setLeft] = useState(() => unfinished(projectId))
  const doing = useDoing()
  const priceWord = usePriceWord()
  const key = useMemo(newKey, [chosen])
  const price = useAsk(`upload/${chosen.length}`, async (signal) =>
    chosen.length ? (await studioPrice(api, { uploads: chosen.length }, signal)).total : 0,
  )
  const add = useCallback(
    (photos: Chosen[]) => {
      const now = admit(chosen, photos, LIMITS)
      setDone(null)
      setChosen(now.chosen)
      setRefused(now.refused)
    },
    [chosen],
  )
  const upload = () =>
    doing.run(async () => {
      try {
        setSent(0)
        const files = chosen.map(({ name, file }) => ({ name: name.slice(-LONGEST_NAME), size: file.size }))
        const accepted = await orderUpload(api, projectId, { files, expectedCredits: price.value }, key)
        const places = accepted.files.flatMap(({ index, name, key }) =>
          key ? [{ index, name, key, size: chosen[index]!.file.size }] : [],
        )
        const named = chosen.map(({ name, file }) => ({ name: name.slice(-LONGEST_NAME), file }))
        const ordered = { projectId, uploadId: accepted.uploadId, places }
        const seen = await finishUpload(ordered, named, accepted.upload, () => setSent((n) => (n ?? 0) + 1))
        setDone(seen)
        setChosen([])
        setRefused([])
        onKept()
      } catch (error) {
        if (toProblem(error).code === "price_changed") price.again()
        throw error
      } finally {
        setSent(null)
        refresh()
      }
    })
  return (
    <div className="uploads">
      {left && <Unfinished ordered={left} onOver={(seen) => (setLeft(null), setDone(seen), onKept())} />}
      {chosen.length === 0 && isFirst && (
        <Dropzone onPhotos={add} hint={said.hint} />
      )}
      {chosen.length === 0 && !isFirst && <Add onPhotos={add} />}
      <RefusedList refused={refused} reasons={said.reasons} />
      {chosen.length > 0 && (
        <div className="card">
          <div className="row">
            <strong>{said.chosen(chosen.length)}</strong>
            {sent === null && <FileButton onPhotos={add}>{words.batch.add}</FileButton>}
          </div>
          <ul className="strip">
            {chosen.map(({ name, file }) => (
              <li key={`${name}/${file.size}`} className="tile" title={name}>
                <span className="picture">
                  <Thumbnail file={file} result={null} />
                </span>
              </li>
            ))}
          </ul>
          {sent === null ? (
            <div className="ways">
              <button type="button" className="button main" disabled={doing.busy || price.value === null} onClick={upload}>
                {said.upload(chosen.length, price.value === null ? "…" : priceWord(price.value))}
              </button>
              <button type="button" className="button quiet" onClick={() => (setChosen([]), setRefused([]))}>
                {words.cancel}
              </button>
            </div>
          ) : (
            <div className="going">
              <p role="status">{sent < chosen.length ? said.sending(sent, chosen.length) : `${said.keeping}…`}</p>
              <Bar value={sent} max={chosen.length} label={said.keeping} />
            </div>
          )}
          <Trouble problem={doing.problem ?? price.problem} again={doing.problem ? upload : price.again} />
        </div>
      )}
      {done && <Told upload={done} />}
    </div>
  )
}

/** The same as a dropzone in less room. */
function Add({ onPhotos }: { onPhotos: (photos: Chosen[]) => void }) {
  const { gallery: said } = useStudioWords()
  useDrops(onPhotos)
  return (
    <div className="row">
      <FileButton onPhotos={onPhotos} main>
        {said.add}
      </FileButton>
      <span className="fine">{said.hint}</span>
    </div>
  )
}

/** What became of an upload. */
export function Told({ upload }: { upload: StudioUpload }) {
  const { gallery: said } = useStudioWords()
  const failed = upload.files.filter((file) => file.itemId === null)
  return (
    <>
      {failed.length < upload.files.length && <Notice tone="good">{said.kept(upload.files.length - failed.length)}</Notice>}
      {failed.length > 0 && (
        <Notice tone="bad">
          <p>{said.refused(failed.length, upload.creditsRefunded ?? 0)}</p>
          <ul className="refused">
            {failed.map((file) => (
              <li key={file.index}>
                <span className="file-name">{file.name}</span>
                {file.error && `: ${file.error.message}`}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  )
}
