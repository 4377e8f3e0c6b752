import { answer, type Batch, isAlive, type Job, resultOf } from "lumiku-client"
import { useState } from "react"

import { api } from "../client.ts"
import { save } from "../downloads.ts"
import { Icon } from "../parts/icons.tsx"
import { type Page, Pages } from "../parts/pages.tsx"
import { Pill, toneOf } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useTitle } from "../routes.ts"
import { toProblem, useApp } from "../state.tsx"
import { moment } from "../words/numbers.ts"

/** What was ordered, newest first: single photos, or batches. */
export default function History({ batches }: { batches: boolean }) {
  const { words } = useApp()
  useTitle(words.history.title)
  return (
    <section>
      <h1>{words.history.title}</h1>
      <p className="tells">{words.history.tells}</p>
      <nav className="tabs" aria-label={words.history.title}>
        <a href="#/history" aria-current={batches ? undefined : "page"}>
          {words.history.one}
        </a>
        <a href="#/history/batches" aria-current={batches ? "page" : undefined}>
          {words.history.batches}
        </a>
      </nav>
      {batches ? (
        <Pages key="batches" page={batchPage} empty={words.history.emptyBatches} row={(batch) => <BatchRow key={batch.batchId} batch={batch} />} />
      ) : (
        <Pages key="jobs" page={jobPage} empty={words.history.emptyOne} row={(job) => <JobRow key={job.jobId} job={job} />} />
      )}
    </section>
  )
}

const jobPage: Page<Job> = async (cursor) => {
  const page = await answer(api.GET("/api/apps/background-remover/jobs", { params: { query: { limit: 20, ...(cursor && { cursor }) } } }))
  return { rows: page.jobs, next: page.nextCursor }
}

const batchPage: Page<Batch> = async (cursor) => {
  const page = await answer(api.GET("/api/apps/background-remover/batches", { params: { query: { limit: 20, ...(cursor && { cursor }) } } }))
  return { rows: page.batches, next: page.nextCursor }
}

function JobRow({ job }: { job: Job }) {
  const { words, language } = useApp()
  const [problem, setProblem] = useState<ReturnType<typeof toProblem> | null>(null)
  const download = () => resultOf(api, job.jobId).then((link) => save(link.url), (error: unknown) => setProblem(toProblem(error)))
  return (
    <li>
      <div className="what">
        <span className="file-name">{job.fileName}</span>
        <span className="fine">
          {moment(job.createdAt, language)} · {words.tiers[job.tier].name} · {words.credits(job.creditsUsed - job.creditsRefunded)}
        </span>
        {job.error && <span className="why">{job.error.message}</span>}
        <Trouble problem={problem} />
      </div>
      <Pill tone={toneOf(job.status)}>{words.batch.states[job.status]}</Pill>
      {job.status === "completed" && (
        <button type="button" className="button quiet small" onClick={() => void download()} aria-label={words.batch.downloadOne(job.fileName)}>
          <Icon name="download" /> {words.history.download}
        </button>
      )}
    </li>
  )
}

function BatchRow({ batch }: { batch: Batch }) {
  const { words, language } = useApp()
  const { progress, pricing } = batch
  return (
    <li>
      <div className="what">
        <a href={`#/batch/${batch.batchId}`}>{words.history.batch(progress.totalImages)}</a>
        <span className="fine">
          {moment(batch.timing.startedAt, language)} · {words.tiers[batch.tier].name} ·{" "}
          {words.credits(pricing.totalCredits - (pricing.creditsRefunded ?? 0))}
        </span>
        {isAlive(batch.status) && <span className="fine">{words.batch.progress(progress.processedImages + progress.failedImages, progress.totalImages)}</span>}
      </div>
      <Pill tone={toneOf(batch.status)}>{words.batch.states[batch.status]}</Pill>
    </li>
  )
}
