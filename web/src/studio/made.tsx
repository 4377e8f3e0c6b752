import { cancelGenerations, type GenerationBatch, generationsMade, pauseGenerations, resumeGenerations, retryGenerations, UNREACHABLE } from "lumiku-client"
import { useEffect, useRef, useState } from "react"

import { api } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Bar, Lines, Pill, toneOf, usePriceWord } from "../parts/small.tsx"
import { Sure } from "../parts/sure.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { go, useTitle } from "../routes.ts"
import { toProblem, useApp, useDoing } from "../state.tsx"
import { moment } from "../words/numbers.ts"
import { useStudioWords } from "./words.ts"

const AGAIN_MS = 5_000

/** A batch of a project, looked at until all that is done is kept. */
export default function Made({ batchId }: { batchId: string }) {
  const { refresh } = useApp()
  const { together: said, item: item_ } = useStudioWords()
  const [batch, setBatch] = useState<GenerationBatch | null>(null)
  const [problem, setProblem] = useState<ReturnType<typeof toProblem> | null>(null)
  const [round, setRound] = useState(0)
  useTitle(said.title)
  useEffect(() => {
    const stop = new AbortController()
    let later: ReturnType<typeof setTimeout> | undefined
    const onLook = (seen: GenerationBatch) => {
      if (stop.signal.aborted) return
      setBatch(seen)
      setProblem(null)
    }
    generationsMade(api, batchId, onLook, stop.signal)
      .then(refresh)
      .catch((error: unknown) => {
        if (stop.signal.aborted) return
        setProblem(toProblem(error))
        if (toProblem(error).code === UNREACHABLE) later = setTimeout(() => setRound(round + 1), AGAIN_MS)
      })
    return () => {
      stop.abort()
      clearTimeout(later)
    }
  }, [batchId, round, refresh])
  const again = () => setRound(round + 1)
  if (!batch) return problem ? <Trouble problem={problem} again={again} /> : <Lines count={6} />
  return (
    <section>
      <a className="link back" href={`#/studio/${batch.projectId}`}>
        <Icon name="back" /> {item_.back}
      </a>
      <Progress batch={batch} />
      <Trouble problem={problem} again={again} />
      <Controls batch={batch} onChanged={(now) => (setBatch(now), again())} />
      <ul className="gallery">
        {batch.items?.map((one) => (
          <Tile key={one.index} one={one} />
        ))}
      </ul>
    </section>
  )
}

function Progress({ batch }: { batch: GenerationBatch }) {
  const { words, language } = useApp()
  const { together: said } = useStudioWords()
  const { totalItems, processedItems, failedItems } = batch.progress
  return (
    <>
      <header className="row">
        <h1>{said.done(processedItems, totalItems)}</h1>
        <Pill tone={toneOf(batch.status)}>{said.status[batch.status]}</Pill>
      </header>
      {batch.completedAt === null && <Bar value={processedItems + failedItems} max={totalItems} label={said.title} />}
      {batch.estimatedCompletionAt && <p className="fine">{said.until(moment(batch.estimatedCompletionAt, language))}</p>}
      {batch.pausedUntil && <Notice tone="still">{said.pausedUntil(moment(batch.pausedUntil, language))}</Notice>}
      {batch.completedAt && (
        <p className="fine">
          {words.credits(batch.creditsUsed)}
          {!!batch.creditsRefunded && ` · ${said.refunded(batch.creditsRefunded)}`}
        </p>
      )}
    </>
  )
}

function Controls({ batch, onChanged }: { batch: GenerationBatch; onChanged: (now: GenerationBatch) => void }) {
  const { words, refresh } = useApp()
  const { together: said, projects } = useStudioWords()
  const priceWord = usePriceWord()
  const doing = useDoing()
  const sure = useRef<HTMLDialogElement>(null)
  const act = (what: typeof pauseGenerations) => () => doing.run(async () => onChanged(await what(api, batch.generationId)))
  const retry = () =>
    doing.run(async () => {
      const ordered = await retryGenerations(api, batch.generationId)
      refresh()
      go(`made/${ordered.generation.generationId}`)
    })
  const isOpen = batch.completedAt === null
  return (
    <>
      <div className="ways">
        {isOpen && (
          <>
            {batch.status === "paused" ? (
              <button type="button" className="button" disabled={doing.busy} onClick={act(resumeGenerations)}>
                {said.resume}
              </button>
            ) : (
              <button type="button" className="button quiet" disabled={doing.busy} onClick={act(pauseGenerations)}>
                {said.pause}
              </button>
            )}
            <button type="button" className="button quiet danger" disabled={doing.busy} onClick={() => sure.current?.showModal()}>
              {said.cancel}
            </button>
          </>
        )}
        {!isOpen && batch.progress.processedItems > 0 && (
          <a className="button" href={`#/export/${batch.projectId}`}>
            <Icon name="download" /> {projects.export}
          </a>
        )}
        {!isOpen && batch.progress.failedItems > 0 && (
          <button type="button" className="button quiet" disabled={doing.busy} onClick={retry}>
            <Icon name="again" /> {said.retry(priceWord(batch.creditsRefunded ?? 0))}
          </button>
        )}
      </div>
      <Trouble problem={doing.problem} />
      <Sure ref={sure} asks={said.cancelSure} yes={said.cancel} no={words.cancel} onYes={act(cancelGenerations)} />
    </>
  )
}

function Tile({ one }: { one: NonNullable<GenerationBatch["items"]>[number] }) {
  const { together: said } = useStudioWords()
  return (
    <li className="shot">
      <a href={`#/item/${one.itemId}`}>
        <span className="picture">{one.thumbnailUrl ? <img src={one.thumbnailUrl} alt="" loading="lazy" /> : <Icon name="photo" />}</span>
        <strong className="file-name">{one.fileName}</strong>
        {one.error && <span className="fine">{one.error.message}</span>}
      </a>
      <Pill tone={toneOf(one.status)}>{said.status[one.status]}</Pill>
    </li>
  )
}
