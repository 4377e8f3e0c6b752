import { importCsv } from "lumiku-client"
import { useState } from "react"

import { api, type Schemas } from "../client.ts"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { useDoing } from "../state.tsx"
import { useStudioWords } from "./words.ts"

/** Names, SKUs and tags of many photos from one file, and what became of each line. */
export function CsvImport({ projectId, onChanged }: { projectId: string; onChanged: () => void }) {
  const { csv: said } = useStudioWords()
  const [done, setDone] = useState<Schemas["ImportBody"] | null>(null)
  const doing = useDoing()
  const read = (file: File) =>
    doing.run(async () => {
      const report = await importCsv(api, projectId, await file.text())
      setDone(report)
      if (report.changed > 0) onChanged()
    })
  const problems = done?.lines.filter((line) => line.problem) ?? []
  return (
    <details className="card">
      <summary>{said.title}</summary>
      <div className="unfolded">
      <p className="fine">{said.tells}</p>
      <label className="button quiet">
        {said.choose}
        <input
          type="file"
          className="unseen"
          accept=".csv,text/csv"
          disabled={doing.busy}
          onChange={(event) => {
            const [file] = event.target.files ?? []
            event.target.value = ""
            if (file) read(file)
          }}
        />
      </label>
      <Trouble problem={doing.problem} />
      {done && (
        <Notice tone={problems.length ? "still" : "good"}>
          <p>
            {said.changed(done.changed)}
            {done.failed > 0 && ` · ${said.failed(done.failed)}`}
          </p>
          <ul className="refused">
            {problems.map((line) => (
              <li key={line.line}>
                {said.line(line.line)}: {line.problem}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      </div>
    </details>
  )
}
