import { answer, type Batch, importRemovals, type Job, project, type StudioUpload, studioPrice, uploadKept } from "lumiku-client"
import { useEffect, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { type Page, Pages } from "../parts/pages.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { facts } from "../prices.ts"
import { useTitle } from "../routes.ts"
import { useApp, useAsk } from "../state.tsx"
import { moment } from "../words/numbers.ts"
import { Buy } from "./buy.tsx"
import { toggled } from "./pictures.tsx"
import { Told } from "./uploads.tsx"
import { useStudioWords } from "./words.ts"

const MOST = facts.studio.maxFiles
const AT_ONCE = 50
const completed = (cursor: string | undefined) => ({ params: { query: { status: "completed" as const, limit: AT_ONCE, ...(cursor && { cursor }) } } })

const jobPage: Page<Job> = async (cursor) => {
  const page = await answer(api.GET("/api/apps/background-remover/jobs", completed(cursor)))
  return { rows: page.jobs, next: page.nextCursor }
}

const batchPage: Page<Batch> = async (cursor) => {
  const page = await answer(api.GET("/api/apps/background-remover/batches", completed(cursor)))
  return { rows: page.batches, next: page.nextCursor }
}

/** What can be imported: a photo, or all of a batch. */
interface Removal {
  id: string
  name: string
  photos: number
}

/** Photos whose background was removed become photos of the project. */
export default function ImportPage({ projectId }: { projectId: string }) {
  const { item: item_, imports: said } = useStudioWords()
  const about = useAsk(projectId, () => project(api, projectId))
  const [jobs, setJobs] = useState<Removal[]>([])
  const [batches, setBatches] = useState<Removal[]>([])
  const [accepted, setAccepted] = useState<Schemas["ImportAccepted"] | null>(null)
  useTitle(said.title)
  const chosen = [...jobs, ...batches]
  const photos = chosen.reduce((sum, one) => sum + one.photos, 0)
  const asked = { jobIds: jobs.map(({ id }) => id), batchIds: batches.map(({ id }) => id) }
  return (
    <section className="narrow">
      <a className="link back" href={`#/studio/${projectId}`}>
        <Icon name="back" /> {about.value?.name ?? item_.back}
      </a>
      <h1>{said.title}</h1>
      <p className="tells">{said.tells}</p>
      <Trouble problem={about.problem} again={about.again} />
      {accepted && <Imported accepted={accepted} chosen={chosen} />}
      {!accepted && (
        <>
          <h2>{said.one}</h2>
          <Pages page={jobPage} empty={said.empty} row={(one) => <JobRow key={one.jobId} one={one} chosen={jobs} onChoose={(it) => setJobs(switched(jobs, it))} />} />
          <h2>{said.batches}</h2>
          <Pages
            page={batchPage}
            empty={said.emptyBatches}
            row={(one) => <BatchRow key={one.batchId} one={one} chosen={batches} onChoose={(it) => setBatches(switched(batches, it))} />}
          />
          <Buy
            what={photos > 0 && photos <= MOST ? photos : null}
            nothing={photos ? said.most(MOST) : said.need}
            said={asked}
            price={(uploads, signal) => studioPrice(api, { uploads }, signal)}
            label={(price) => said.go(photos, price)}
            order={async (expectedCredits, key) => setAccepted(await importRemovals(api, projectId, { ...asked, expectedCredits }, key))}
          />
        </>
      )}
    </section>
  )
}

/** The same without that one if it was there, else with it. */
const switched = (chosen: Removal[], one: Removal): Removal[] => {
  const there = chosen.find(({ id }) => id === one.id)
  return toggled(chosen, there ?? one)
}

interface RowProps<T> {
  one: T
  chosen: Removal[]
  onChoose: (removal: Removal) => void
}

function JobRow({ one, chosen, onChoose }: RowProps<Job>) {
  return <Row removal={{ id: one.jobId, name: one.fileName, photos: 1 }} at={one.createdAt} tier={one.tier} chosen={chosen} onChoose={onChoose} />
}

function BatchRow({ one, chosen, onChoose }: RowProps<Batch>) {
  const { imports: said } = useStudioWords()
  const photos = one.progress.processedImages
  return <Row removal={{ id: one.batchId, name: said.batch(photos), photos }} at={one.timing.startedAt} tier={one.tier} chosen={chosen} onChoose={onChoose} />
}

interface OneRow {
  removal: Removal
  at: string
  tier: Job["tier"]
  chosen: Removal[]
  onChoose: (removal: Removal) => void
}

function Row({ removal, at, tier, chosen, onChoose }: OneRow) {
  const { words, language } = useApp()
  return (
    <li>
      <label className="check">
        <input type="checkbox" checked={chosen.some(({ id }) => id === removal.id)} onChange={() => onChoose(removal)} />
        <span className="what">
          <span className="file-name">{removal.name}</span>
          <span className="fine">
            {moment(at, language)} · {words.tiers[tier].name}
          </span>
        </span>
      </label>
    </li>
  )
}

/** What became of an import. */
function Imported({ accepted, chosen }: { accepted: Schemas["ImportAccepted"]; chosen: Removal[] }) {
  const { refresh } = useApp()
  const { imports: said, item } = useStudioWords()
  const { uploadId, projectId, photos } = accepted
  const kept = useAsk<StudioUpload | null>(uploadId ?? "", async (signal) => (uploadId ? uploadKept(api, { projectId, uploadId }, signal) : null))
  useEffect(refresh, [kept.value])
  const refused = photos.filter(({ error }) => error !== null)
  const before = photos.filter(({ status }) => status === "imported").length
  const coming = photos.filter(({ status }) => status === "importing").length
  return (
    <>
      {coming > 0 && !kept.value && !kept.problem && <Notice tone="still">{said.importing(coming)}</Notice>}
      <Trouble problem={kept.problem} again={kept.again} />
      {kept.value && <Told upload={kept.value} />}
      {before > 0 && <Notice tone="still">{said.before(before)}</Notice>}
      {refused.length > 0 && (
        <Notice tone="bad">
          <p>{said.refused(refused.length)}</p>
          <ul className="refused">
            {refused.map((one) => (
              <li key={one.id}>
                <span className="file-name">{chosen.find(({ id }) => id === one.id)?.name}</span> {one.error?.message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <a className="button" href={`#/studio/${projectId}`}>
        {item.back}
      </a>
    </>
  )
}
