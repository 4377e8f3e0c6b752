import { cancelExport, type Export, exported, exportLink, exportReport, retryExport } from "lumiku-client"
import { useEffect, useState } from "react"

import { api } from "../client.ts"
import { save } from "../downloads.ts"
import { Icon } from "../parts/icons.tsx"
import { Bar, Lines } from "../parts/small.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { go, useTitle } from "../routes.ts"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { moment } from "../words/numbers.ts"
import { useStudioWords } from "./words.ts"

/** One export: how far it is, then its ZIP and its report. */
export default function Exported({ exportId }: { exportId: string }) {
  const { refresh } = useApp()
  const { exports: said, item } = useStudioWords()
  const [seen, setSeen] = useState<Export | null>(null)
  const over = useAsk(exportId, (signal) => exported(api, exportId, setSeen, signal))
  useTitle(said.title)
  useEffect(() => {
    if (over.value) refresh()
  }, [over.value])
  return (
    <section className="narrow">
      {seen && (
        <a className="link back" href={`#/studio/${seen.projectId}`}>
          <Icon name="back" /> {item.back}
        </a>
      )}
      <h1>{said.title}</h1>
      <Trouble problem={over.problem} again={over.again} />
      {!seen && !over.problem && <Lines count={3} />}
      {seen && !over.value && !over.problem && <UnderWay seen={seen} onSeen={setSeen} />}
      {over.value && <Ready one={over.value} />}
    </section>
  )
}

function UnderWay({ seen, onSeen }: { seen: Export; onSeen: (seen: Export) => void }) {
  const { exports: said } = useStudioWords()
  const doing = useDoing()
  const done = seen.donePictures + seen.failedPictures
  const told = done < seen.totalPictures ? said.making(done, seen.totalPictures) : said.packing
  const cancel = () => doing.run(async () => onSeen(await cancelExport(api, seen.exportId)))
  return (
    <>
      <p role="status">{told}</p>
      <Bar value={done} max={seen.totalPictures} label={told} />
      <p className="fine">{said.leave}</p>
      {done < seen.totalPictures && (
        <button type="button" className="button quiet" disabled={doing.busy} onClick={cancel}>
          {said.cancel}
        </button>
      )}
      <Trouble problem={doing.problem} />
    </>
  )
}

function Ready({ one }: { one: Export }) {
  const { language } = useApp()
  const { exports: said } = useStudioWords()
  const doing = useDoing()
  const failed = one.pictures.filter(({ error }) => error !== null)
  const fetch = (ask: typeof exportLink) =>
    doing.run(async () => {
      const link = await ask(api, one.exportId)
      save(link.url, link.fileName)
    })
  const retry = () => doing.run(async () => go(`exported/${(await retryExport(api, one.exportId)).export.exportId}`))
  return (
    <>
      <Notice tone={one.status === "completed" ? "good" : "still"}>{said.status[one.status]}</Notice>
      {one.sizeBytes !== null && (
        <>
          <div className="studio-bar">
            <button type="button" className="button main" disabled={doing.busy} onClick={() => fetch(exportLink)}>
              <Icon name="download" /> {said.zip(Math.max(1, Math.round(one.sizeBytes / 1e6)))}
            </button>
            <button type="button" className="button quiet" disabled={doing.busy} onClick={() => fetch(exportReport)}>
              {said.report}
            </button>
          </div>
          <p className="fine">{said.until(moment(one.expiresAt, language))}</p>
        </>
      )}
      {failed.length > 0 && (
        <>
          <h2>{said.missing(failed.length)}</h2>
          <ul>
            {failed.map(({ itemId, name, error }) => (
              <li key={itemId}>
                <strong className="file-name">{name}</strong>: {error?.message}
              </li>
            ))}
          </ul>
          <button type="button" className="button quiet" disabled={doing.busy} onClick={retry}>
            <Icon name="again" /> {said.retry}
          </button>
        </>
      )}
      <Trouble problem={doing.problem} />
    </>
  )
}
