import { changeItem, changeItems, deleteProject, type Item, items, project } from "lumiku-client"
import { useEffect, useRef, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Lines, Pill } from "../parts/small.tsx"
import { Sure } from "../parts/sure.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { go, useTitle } from "../routes.ts"
import { toProblem, useApp, useAsk, useDoing } from "../state.tsx"
import { CsvImport } from "./csv.tsx"
import { ProjectDialog } from "./projects.tsx"
import { useSettled } from "./settled.ts"
import { BatchesOf, rememberSelection } from "./together.tsx"
import { Uploads } from "./uploads.tsx"
import { useStudioWords } from "./words.ts"

const AT_ONCE = 40

/** The photos of a project: brought in, sought, marked, named, deleted. */
export default function ProjectPage({ projectId }: { projectId: string }) {
  const { projects: said, together } = useStudioWords()
  const about = useAsk(projectId, () => project(api, projectId))
  const [round, setRound] = useState(0)
  const rename = useRef<HTMLDialogElement>(null)
  useTitle(about.value?.name ?? said.title)
  const changed = () => {
    about.again()
    setRound((before) => before + 1)
  }
  return (
    <section>
      <a className="link back" href="#/studio">
        <Icon name="back" /> {said.all}
      </a>
      <header className="row">
        <h1 className="file-name">{about.value?.name ?? "…"}</h1>
        {about.value && (
          <>
            {about.value.itemCount > 1 && (
              <a className="button quiet small" href={`#/together/${projectId}`}>
                <Icon name="studio" /> {together.title}
              </a>
            )}
            <a className="button quiet small" href={`#/export/${projectId}`}>
              <Icon name="download" /> {said.export}
            </a>
            <button type="button" className="button quiet small" onClick={() => rename.current?.showModal()}>
              <Icon name="pencil" /> {said.rename}
            </button>
            <DeleteProject about={about.value} />
            <ProjectDialog key={about.value.version} ref={rename} of={about.value} onDone={about.again} />
          </>
        )}
      </header>
      <Trouble problem={about.problem} again={about.again} />
      <Uploads projectId={projectId} isFirst={about.value?.itemCount === 0} onKept={changed} />
      <BatchesOf projectId={projectId} />
      <Gallery round={round} projectId={projectId} isEmpty={about.value?.itemCount === 0} onChanged={changed} />
      {about.value !== null && about.value.itemCount > 0 && <CsvImport projectId={projectId} onChanged={changed} />}
    </section>
  )
}

function DeleteProject({ about }: { about: Schemas["ProjectView"] }) {
  const { words } = useApp()
  const { projects: said } = useStudioWords()
  const [isBusy, setBusy] = useState(false)
  const sure = useRef<HTMLDialogElement>(null)
  const doing = useDoing()
  const remove = () =>
    doing.run(async () => {
      try {
        await deleteProject(api, about.projectId, isBusy)
        go("studio")
      } catch (error) {
        if (toProblem(error).status !== 409 || isBusy) throw error
        setBusy(true)
        setTimeout(() => sure.current?.showModal())
      }
    })
  return (
    <>
      <button type="button" className="button quiet small danger" disabled={doing.busy} onClick={() => sure.current?.showModal()}>
        <Icon name="bin" /> {said.delete}
      </button>
      <Sure
        ref={sure}
        asks={isBusy ? said.deleteBusy : said.deleteSure(about.name, about.itemCount)}
        yes={isBusy ? said.deleteCancels : said.deleteYes}
        no={words.cancel}
        onYes={remove}
      />
      <Trouble problem={doing.problem} />
    </>
  )
}

function Gallery({ projectId, round, isEmpty, onChanged }: { projectId: string; round: number; isEmpty: boolean; onChanged: () => void }) {
  const { words } = useApp()
  const { gallery: said } = useStudioWords()
  const [sought, setSought] = useState("")
  const [tag, setTag] = useState("")
  const [isFavourite, setFavourite] = useState(false)
  const [tags, setTags] = useState<string[]>([])
  const [rows, setRows] = useState<Item[]>([])
  const [cursor, setCursor] = useState<string | null>(null)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const doing = useDoing()
  const q = useSettled(sought.trim())
  const query = { limit: AT_ONCE, ...(q && { q }), ...(tag && { tag }), ...(isFavourite && { favorite: true }) }
  const asked = useAsk(`${round}/${JSON.stringify(query)}`, (signal) => items(api, projectId, query, signal))
  useEffect(() => {
    if (!asked.value) return
    setRows(asked.value.items)
    setSelected(new Set())
    setCursor(asked.value.nextCursor)
    setTags((known) => [...new Set([...known, ...asked.value!.items.flatMap((one) => one.tags)])].sort())
  }, [asked.value])
  const next = () =>
    doing.run(async () => {
      const page = await items(api, projectId, { ...query, cursor: cursor ?? "" })
      setRows((before) => [...before, ...page.items])
      setCursor(page.nextCursor)
    })
  const star = (one: Item) =>
    doing.run(async () => {
      const now = await changeItem(api, one.itemId, { favorite: !one.favorite })
      setRows((before) => before.map((row) => (row.itemId === now.itemId ? { ...row, favorite: now.favorite } : row)))
    })
  const toggle = (itemId: string) =>
    setSelected((before) => {
      const now = new Set(before)
      if (!now.delete(itemId)) now.add(itemId)
      return now
    })
  if (isEmpty) return null
  return (
    <>
      <div className="studio-bar">
        <label className="field search">
          <span className="unseen">{said.search}</span>
          <input type="search" value={sought} placeholder={said.search} onChange={(event) => setSought(event.target.value)} />
        </label>
        <label className="field">
          <span className="unseen">{said.tag}</span>
          <select value={tag} onChange={(event) => setTag(event.target.value)}>
            <option value="">{said.anyTag}</option>
            {tags.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label className="check">
          <input type="checkbox" checked={isFavourite} onChange={(event) => setFavourite(event.target.checked)} />
          {said.favourites}
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={rows.length > 0 && selected.size === rows.length}
            onChange={(event) => setSelected(new Set(event.target.checked ? rows.map((row) => row.itemId) : []))}
          />
          {said.selectAll}
        </label>
      </div>
      <Trouble problem={asked.problem ?? doing.problem} again={asked.again} />
      {!asked.value && rows.length === 0 && !asked.problem && <Lines count={3} />}
      {asked.value?.items.length === 0 && <p className="fine">{said.none}</p>}
      <ul className="gallery">
        {rows.map((one) => (
          <Tile key={one.itemId} one={one} isSelected={selected.has(one.itemId)} onSelect={() => toggle(one.itemId)} onStar={() => star(one)} />
        ))}
      </ul>
      {cursor && (
        <button type="button" className="button quiet" disabled={doing.busy} onClick={next}>
          {words.more}
        </button>
      )}
      {selected.size > 0 && (
        <Bulk projectId={projectId} selected={[...selected]} onClear={() => setSelected(new Set())} onChanged={onChanged} />
      )}
    </>
  )
}

function Tile({ one, isSelected, onSelect, onStar }: { one: Item; isSelected: boolean; onSelect: () => void; onStar: () => void }) {
  const { gallery: said } = useStudioWords()
  return (
    <li className={isSelected ? "shot selected" : "shot"}>
      <a href={`#/item/${one.itemId}`}>
        <span className="picture">{one.thumbnailUrl ? <img src={one.thumbnailUrl} alt="" loading="lazy" /> : <Icon name="photo" />}</span>
        <strong className="file-name">{one.name}</strong>
        <span className="fine">{one.sku ?? `${one.width} × ${one.height}`}</span>
      </a>
      {one.status === "processed" && <Pill tone="good">{said.processed}</Pill>}
      {one.tags.length > 0 && <span className="tag-list fine">{one.tags.map((tag) => `#${tag}`).join(" ")}</span>}
      <label className="pick">
        <input type="checkbox" checked={isSelected} aria-label={said.select(one.name)} onChange={onSelect} />
      </label>
      <button type="button" className="star" aria-pressed={one.favorite} aria-label={said.favouriteOne(one.name)} onClick={onStar}>
        <Icon name="star" />
      </button>
    </li>
  )
}

/** What is done to all that is selected. */
function Bulk({ projectId, selected, onClear, onChanged }: { projectId: string; selected: string[]; onClear: () => void; onChanged: () => void }) {
  const { words } = useApp()
  const { gallery: said, together } = useStudioWords()
  const [tag, setTag] = useState("")
  const sure = useRef<HTMLDialogElement>(null)
  const doing = useDoing()
  const change = (what: Omit<Schemas["BulkChange"], "itemIds">) =>
    doing.run(async () => {
      await changeItems(api, projectId, { itemIds: selected, ...what })
      onChanged()
    })
  const name = tag.trim()
  return (
    <div className="bulk" role="region" aria-label={said.selected(selected.length)}>
      <strong>{said.selected(selected.length)}</strong>
      <button type="button" className="button quiet small" onClick={onClear}>
        {said.clear}
      </button>
      <button type="button" className="button small" onClick={() => (rememberSelection(selected), go(`together/${projectId}`))}>
        <Icon name="studio" /> {together.process}
      </button>
      <button type="button" className="button quiet small" disabled={doing.busy} onClick={() => change({ favorite: true })}>
        <Icon name="star" /> {said.favourite}
      </button>
      <label className="field">
        <span className="unseen">{said.newTag}</span>
        <input value={tag} maxLength={40} placeholder={said.tag} onChange={(event) => setTag(event.target.value)} />
      </label>
      <button type="button" className="button quiet small" disabled={doing.busy || !name} onClick={() => change({ addTags: [name] })}>
        {said.addTag}
      </button>
      <button type="button" className="button quiet small" disabled={doing.busy || !name} onClick={() => change({ removeTags: [name] })}>
        {said.removeTag}
      </button>
      <button type="button" className="button quiet small danger" disabled={doing.busy} onClick={() => sure.current?.showModal()}>
        <Icon name="bin" /> {said.delete}
      </button>
      <Trouble problem={doing.problem} />
      <Sure ref={sure} asks={said.deleteSure(selected.length)} yes={said.delete} no={words.cancel} onYes={() => change({ delete: true })} />
    </div>
  )
}
