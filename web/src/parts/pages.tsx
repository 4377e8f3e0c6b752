import { type ReactNode, useEffect, useState } from "react"

import { useApp, useDoing } from "../state.tsx"
import { Icon } from "./icons.tsx"
import { Lines } from "./small.tsx"
import { Trouble } from "./trouble.tsx"

export type Page<T> = (cursor: string | undefined) => Promise<{ rows: T[]; next: string | null }>

/** A list that is read page by page; the way to the first one where it is empty. */
export function Pages<T>({ page, row, empty }: { page: Page<T>; row: (one: T) => ReactNode; empty: string }) {
  const { words } = useApp()
  const [rows, setRows] = useState<T[] | null>(null)
  const [next, setNext] = useState<string | null>(null)
  const doing = useDoing()
  const read = (cursor?: string) =>
    doing.run(async () => {
      const read = await page(cursor)
      setRows((before) => (cursor ? [...(before ?? []), ...read.rows] : read.rows))
      setNext(read.next)
    })
  useEffect(() => read(), [page])
  return (
    <>
      {rows === null && !doing.problem && <Lines count={6} />}
      {rows?.length === 0 && (
        <div className="empty">
          <Icon name="photo" />
          <p>{empty}</p>
          <a className="button" href="#/">
            {words.history.start}
          </a>
        </div>
      )}
      {rows !== null && rows.length > 0 && <ul className="list">{rows.map(row)}</ul>}
      <Trouble problem={doing.problem} again={() => read()} />
      {next && (
        <button type="button" className="button quiet" disabled={doing.busy} onClick={() => read(next)}>
          {words.more}
        </button>
      )}
    </>
  )
}
