import { finished, type Job, newKey, resultOf, submit, type Tier } from "lumiku-client"
import { useEffect, useMemo, useRef, useState } from "react"

import type { Chosen } from "../choosing.ts"
import { api } from "../client.ts"
import { onColour, save, stem } from "../downloads.ts"
import { paidAs, useCost } from "../ordering.ts"
import { Backgrounds } from "../parts/backgrounds.tsx"
import { Compare } from "../parts/compare.tsx"
import { FileButton, useDrops } from "../parts/dropzone.tsx"
import { Icon } from "../parts/icons.tsx"
import { RefusedList } from "../parts/refused.tsx"
import { Bar, usePriceWord } from "../parts/small.tsx"
import { TierCards } from "../parts/tiers.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { go, useTitle } from "../routes.ts"
import { toProblem, useApp, useDoing } from "../state.tsx"

const STAGE = 4 / 3 // as in pages.css

interface Props {
  photo: Chosen
  tier: Tier
  onTier: (tier: Tier) => void
  onPhotos: (photos: Chosen[]) => void
}

interface Done {
  job: Job
  /** The result as the page shows it, and as it is saved. */
  url: string
  picture: Blob
}

/** One photo: chosen, sent, worked on, compared, coloured, saved. */
export function OnePhoto({ photo, tier, onTier, onPhotos }: Props) {
  const { words, loggedIn, refresh, refused } = useApp()
  const doing = useDoing()
  const [sent, setSent] = useState<number | null>(null)
  const [done, setDone] = useState<Done | null>(null)
  const cost = useCost(tier, 1)
  const original = usePicture(photo.file)
  const stop = useRef(new AbortController())
  const key = useMemo(newKey, [photo, tier])
  useTitle(words.one.title)
  useDrops(onPhotos)
  useEffect(() => {
    stop.current = new AbortController()
    return () => stop.current.abort()
  }, [])

  const remove = () =>
    doing.run(async () => {
      const { signal } = stop.current
      try {
        setSent(0)
        const jobId = await submit(api, photo.file, paidAs(tier, cost), { key, signal, onProgress: setSent })
        setSent(photo.file.size)
        refresh()
        const job = await finished(api, jobId, signal)
        const picture = job.error ? null : await (await fetch((await resultOf(api, jobId)).url, { signal })).blob()
        setDone({ job, picture: picture ?? new Blob(), url: picture ? URL.createObjectURL(picture) : "" })
      } catch (error) {
        if (toProblem(error).code === "price_changed") cost.again()
        throw error
      } finally {
        setSent(null)
        refresh()
      }
    })

  if (done && !done.job.error) return <Result photo={photo} original={original.url} done={done} onPhotos={onPhotos} />
  return (
    <section className="one">
      <div className="stage">
        {original.fails ? (
          <p className="no-preview">{words.one.noPreview}</p>
        ) : (
          <img src={original.url || undefined} alt={words.one.original} onError={original.fail} className={doing.busy ? "busy" : undefined} />
        )}
      </div>
      <div className="controls">
        <h1 className="file-name">{photo.name}</h1>
        <RefusedList refused={refused} />
        {doing.busy ? (
          <div className="going">
            <p role="status">{sent !== null && sent < photo.file.size ? words.one.sending : words.one.working}…</p>
            <Bar value={sent ?? 0} max={photo.file.size} label={words.one.sending} />
            <p className="fine">{words.one.waiting}</p>
          </div>
        ) : (
          <>
            <TierCards tier={tier} onTier={onTier} compact />
            <Pay photo={photo} cost={cost} onGo={loggedIn ? remove : () => go("login")} />
            <FileButton onPhotos={onPhotos}>{words.one.another}</FileButton>
          </>
        )}
        {done?.job.error && (
          <Notice tone="bad">
            <p>{done.job.error.message}</p>
            <p>{words.one.failed}</p>
          </Notice>
        )}
        <Trouble problem={doing.problem} again={remove} order={{ tier, photos: 1, onTier }} />
      </div>
    </section>
  )
}

function Pay({ cost, onGo }: { photo: Chosen; cost: ReturnType<typeof useCost>; onGo: () => void }) {
  const { words, loggedIn } = useApp()
  const priceWord = usePriceWord()
  return (
    <button type="button" className="button main wide" onClick={onGo}>
      {loggedIn ? words.one.go(priceWord(cost.credits, cost.byPlan)) : words.one.goGuest}
    </button>
  )
}

function Result({ photo, original, done, onPhotos }: { photo: Chosen; original: string; done: Done; onPhotos: (photos: Chosen[]) => void }) {
  const { words } = useApp()
  const [colour, setColour] = useState<string | null>(null)
  const [isTooLarge, setTooLarge] = useState(false)
  const [shows, setShows] = useState(true)
  const name = stem(photo.name)
  const download = async () => {
    if (colour === null) return save(done.url, `${name}.png`)
    const coloured = await onColour(done.picture, colour)
    setTooLarge(coloured === null)
    if (!coloured) return
    const url = URL.createObjectURL(coloured)
    save(url, `${name}.jpg`)
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }
  return (
    <section className="one">
      <div className="stage">
        <Compare
          before={shows ? original : null}
          after={done.url}
          backdrop={colour}
          size={done.job.metadata ?? { width: 4, height: 3 }}
          stageRatio={STAGE}
        />
        {original && <img src={original} alt="" hidden onError={() => setShows(false)} />}
      </div>
      <div className="controls">
        <h1>
          <Icon name="check" /> {words.one.ready}
        </h1>
        <p className="file-name fine">
          {photo.name} · {words.one.used(done.job.creditsUsed)}
        </p>
        {done.job.warnings.includes("no_subject") && <Notice tone="still">{words.one.warned}</Notice>}
        <Backgrounds colour={colour} onColour={setColour} />
        <p className="fine">{words.backgrounds.free}</p>
        {isTooLarge && <Notice tone="bad">{words.problems.tooLarge}</Notice>}
        <button type="button" className="button main wide" onClick={() => void download()}>
          <Icon name="download" /> {words.one.download}
        </button>
        <FileButton onPhotos={onPhotos}>{words.one.another}</FileButton>
      </div>
    </section>
  )
}

/** A URL for a file, and whether the browser can show it. */
function usePicture(file: File): { url: string; fails: boolean; fail(): void } {
  const [fails, setFails] = useState(false)
  const [url, setUrl] = useState("")
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return { url, fails, fail: () => url && setFails(true) }
}
