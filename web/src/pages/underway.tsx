import { archiveOf, type Batch, type BatchItem, cancel, finish, follow, isAlive, itemsOf, resultOf, retryFailed, UNREACHABLE } from "lumiku-client"
import { useEffect, useRef, useState } from "react"

import type { Chosen } from "../choosing.ts"
import { api } from "../client.ts"
import { save, saveAll } from "../downloads.ts"
import { FileButton } from "../parts/dropzone.tsx"
import { Icon } from "../parts/icons.tsx"
import { Bar, Lines, Pill, toneOf, usePriceWord } from "../parts/small.tsx"
import { Thumbnail } from "../parts/thumbnail.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { Sure } from "../parts/sure.tsx"
import { facts } from "../prices.ts"
import { go, useTitle } from "../routes.ts"
import { canResume, isSentElsewhere, resume, type Sending, useSending } from "../sending.ts"
import { toProblem, useApp, useDoing } from "../state.tsx"
import { bytes } from "../words/numbers.ts"

const SMALL = 12
const AGAIN_MS = 5_000
const everyMs = (total: number) => (document.hidden ? 10_000 : total <= SMALL ? 1_500 : 3_000)

interface Seen {
  batch: Batch | null
  /** The server's time; the device's clock may be wrong. */
  asOf: string
  items: ReadonlyMap<number, BatchItem>
  elsewhere: boolean
  problem: ReturnType<typeof toProblem> | null
}

/** A batch and its photos, looked at until it is over. */
function useBatch(batchId: string): Seen & { again(): void; replace(batch: Batch): void } {
  const [seen, setSeen] = useState<Seen>({ batch: null, asOf: "", items: new Map(), elsewhere: false, problem: null })
  const [round, setRound] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    const items = new Map<number, BatchItem>()
    let total = 0
    const look = async () => {
      let since: string | undefined
      for await (const batch of follow(api, batchId, { signal: stop.signal, everyMs: () => everyMs(total) })) {
        total = batch.progress.totalImages
        const page = await itemsOf(api, batchId, since)
        since = page.asOf
        page.items.forEach((item) => items.set(item.index, item))
        const elsewhere = await isSentElsewhere(batchId)
        if (!stop.signal.aborted) setSeen({ batch, asOf: page.asOf, items: new Map(items), elsewhere, problem: null })
      }
    }
    let later: ReturnType<typeof setTimeout> | undefined
    look().catch((error: unknown) => {
      if (stop.signal.aborted) return
      const problem = toProblem(error)
      setSeen((before) => ({ ...before, problem }))
      if (problem.code === UNREACHABLE) later = setTimeout(() => setRound(round + 1), AGAIN_MS)
    })
    return () => {
      stop.abort()
      clearTimeout(later)
    }
  }, [batchId, round])
  return {
    ...seen,
    again: () => setRound(round + 1),
    replace: (batch) => (setSeen((before) => ({ ...before, batch })), setRound(round + 1)),
  }
}

export function Underway({ batchId }: { batchId: string }) {
  const { words, refresh } = useApp()
  const { batch, asOf, items, elsewhere, problem, again, replace } = useBatch(batchId)
  const sending = useSending(batchId)
  const isOver = batch !== null && !isAlive(batch.status)
  useTitle(words.batch.title)
  useEffect(() => {
    if (isOver) refresh()
  }, [isOver, refresh])
  if (!batch) return problem ? <Trouble problem={problem} again={again} /> : <Lines count={6} />
  const missing = new Set([...items.values()].filter(({ uploaded, status }) => !uploaded && status === "pending").map(({ index }) => index))
  return (
    <section className="batch underway">
      <div className="controls">
        <h1>{words.history.batch(batch.progress.totalImages)}</h1>
        {isOver ? (
          <Over batch={batch} items={[...items.values()]} />
        ) : (
          <>
            <Going batch={batch} asOf={asOf} sending={sending} />
            {elsewhere && !sending?.isOn && <Notice tone="still">{words.batch.elsewhere}</Notice>}
            {!sending?.isOn && !elsewhere && missing.size > 0 && <Resume batchId={batchId} missing={missing} onFinished={again} />}
            <Cancel batchId={batchId} onCancelled={replace} />
          </>
        )}
        <Trouble problem={problem ?? sending?.problem ?? null} again={again} />
      </div>
      <ul className="tiles">
        {[...items.values()].map((item) => (
          <Tile key={item.index} item={item} sending={sending} />
        ))}
      </ul>
    </section>
  )
}

function Tile({ item, sending }: { item: BatchItem; sending: Sending | null }) {
  const { words } = useApp()
  const doing = useDoing()
  const refusal = sending?.refused.get(item.index)
  const isSending = item.status === "pending" && sending?.isOn && sending.files.has(item.index)
  const state =
    item.status !== "pending" ? item.status : item.uploaded || sending?.sent.has(item.index) ? "uploaded" : isSending ? "sending" : "queued"
  const why = item.error?.message ?? refusal?.message
  const download = () => doing.run(async () => save((await resultOf(api, item.jobId)).url))
  return (
    <li className={`tile ${state}`}>
      <span className="picture">
        <Thumbnail file={sending?.files.get(item.index)} result={item.thumbnailUrl} />
      </span>
      <span className="file-name">{item.fileName}</span>
      <Pill tone={toneOf(state)}>{words.batch.states[state]}</Pill>
      {why && <span className="why">{why}</span>}
      {item.status === "completed" && (
        <button type="button" className="take-out" aria-label={words.batch.downloadOne(item.fileName)} disabled={doing.busy} onClick={download}>
          <Icon name="download" />
        </button>
      )}
    </li>
  )
}

function Going({ batch, asOf, sending }: { batch: Batch; asOf: string; sending: Sending | null }) {
  const { words } = useApp()
  const isOffline = useOffline()
  const { totalImages, processedImages, failedImages } = batch.progress
  const over = processedImages + failedImages
  const eta = batch.timing.estimatedCompletionAt
  const minutes = eta ? Math.round((new Date(eta).getTime() - new Date(asOf).getTime()) / 60_000) : null
  return (
    <div className="going">
      <p role="status">
        <strong>{words.batch.progress(over, totalImages)}</strong>
        {minutes !== null && over > 0 && ` · ${words.batch.left(Math.max(0, minutes))}`}
      </p>
      <Bar value={over} max={totalImages} label={words.batch.progress(over, totalImages)} />
      {sending?.isOn && (
        <>
          <p className="fine">
            {words.batch.sent(sending.sent.size, sending.total)} · {words.batch.stay}
          </p>
          <Bar value={sending.sent.size} max={sending.total} label={words.batch.sent(sending.sent.size, sending.total)} />
        </>
      )}
      {batch.hint && <Notice tone="bad">{batch.hint}</Notice>}
      {isOffline && <Notice tone="bad">{words.batch.offline}</Notice>}
    </div>
  )
}

function Resume({ batchId, missing, onFinished }: { batchId: string; missing: ReadonlySet<number>; onFinished: () => void }) {
  const { words } = useApp()
  const doing = useDoing()
  const [isNone, setNone] = useState(false)
  const choose = (photos: Chosen[]) => setNone(resume(batchId, photos, missing) === 0)
  return (
    <Notice tone="still">
      <p>{words.batch.resume(missing.size)}</p>
      {isNone && <p>{words.batch.resumeNone}</p>}
      <div className="ways">
        {canResume(batchId) && (
          <FileButton onPhotos={choose} main>
            {words.batch.resumeGo}
          </FileButton>
        )}
        <button
          type="button"
          className="button quiet"
          disabled={doing.busy}
          onClick={() => doing.run(async () => (await finish(api, batchId), onFinished()))}
        >
          {words.batch.finish}
        </button>
      </div>
      <Trouble problem={doing.problem} />
    </Notice>
  )
}

function Cancel({ batchId, onCancelled }: { batchId: string; onCancelled: (batch: Batch) => void }) {
  const { words, refresh } = useApp()
  const doing = useDoing()
  const dialog = useRef<HTMLDialogElement>(null)
  const sure = () =>
    doing.run(async () => {
      onCancelled(await cancel(api, batchId))
      refresh()
    })
  return (
    <>
      <button type="button" className="button quiet danger" disabled={doing.busy} onClick={() => dialog.current?.showModal()}>
        {words.batch.cancel}
      </button>
      <Sure ref={dialog} asks={words.batch.cancelSure} yes={words.batch.cancelYes} no={words.batch.cancelNo} onYes={sure} />
      <Trouble problem={doing.problem} />
    </>
  )
}

function Over({ batch, items }: { batch: Batch; items: BatchItem[] }) {
  const { words, language, refresh } = useApp()
  const priceWord = usePriceWord()
  const doing = useDoing()
  const { processedImages, failedImages } = batch.progress
  // Another try does not help a file that is refused for what it is.
  const failed = items.filter(({ status, error }) => status === "failed" && !facts.refusedFiles.includes(error?.code ?? "")).length
  const refunded = batch.pricing.creditsRefunded ?? 0
  const retry = () =>
    doing.run(async () => {
      const accepted = await retryFailed(api, batch.batchId)
      refresh()
      go(`batch/${accepted.batchId}`)
    })
  return (
    <>
      <p className="counts">
        {processedImages > 0 && <Pill tone="good">{words.batch.done(processedImages)}</Pill>}
        {failedImages > 0 && <Pill tone="bad">{words.batch.failedCount(failedImages)}</Pill>}
        {batch.status === "cancelled" && <Pill tone="still">{words.batch.states.cancelled}</Pill>}
      </p>
      {refunded > 0 && <p className="fine">{words.batch.refunded(refunded)}</p>}
      {batch.zipUrl && (
        <button
          type="button"
          className="button main wide"
          disabled={doing.busy}
          onClick={() => doing.run(async () => saveAll((await archiveOf(api, batch.batchId)).parts.map(({ url }) => url)))}
        >
          <Icon name="download" /> {words.batch.zip(bytes(batch.zipSizeBytes ?? 0, language))}
        </button>
      )}
      {failed > 0 && (
        <button type="button" className="button quiet wide" disabled={doing.busy} onClick={retry}>
          <Icon name="again" /> {words.batch.again(failed, priceWord(refunded))}
        </button>
      )}
      <Trouble problem={doing.problem} />
      <a className="button quiet wide" href="#/">
        {words.batch.new}
      </a>
    </>
  )
}

function useOffline(): boolean {
  const [isOffline, setOffline] = useState(!navigator.onLine)
  useEffect(() => {
    const look = () => setOffline(!navigator.onLine)
    window.addEventListener("online", look)
    window.addEventListener("offline", look)
    return () => {
      window.removeEventListener("online", look)
      window.removeEventListener("offline", look)
    }
  }, [])
  return isOffline
}
