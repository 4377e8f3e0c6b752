import { changeItem, changeItems, everyItem, type Item, items, MAX_ITEMS } from "lumiku-client"
import { useLayoutEffect, useRef, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Lines, Pill } from "../parts/small.tsx"
import { Sure } from "../parts/sure.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { facts } from "../prices.ts"
import { go } from "../routes.ts"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { inParts, type Page, rememberSelection } from "./selection.ts"
import { useSettled } from "./settled.ts"
import { useStudioWords } from "./words.ts"

const AT_ONCE = 40

/** The photos of a project: sought, marked, and selected, also those that are not shown yet. */
export function Gallery({ projectId, round, isEmpty, onChanged }: { projectId: string; round: number; isEmpty: boolean; onChanged: () => void }) {
  const { words } = useApp()
  const { gallery: said } = useStudioWords()
  const [sought, setSought] = useState("")
  const [tag, setTag] = useState("")
  const [isFavourite, setFavourite] = useState(false)
  const [tags, setTags] = useState<string[]>([])
  const [rows, setRows] = useState<Item[]>([])
  const [cursor, setCursor] = useState<string | null>(null)
  const [selected, setSelected] = useState<readonly string[]>([])
  const [isAll, setAll] = useState(false)
  const doing = useDoing()
  const q = useSettled(sought.trim())
  const query = { ...(q && { q }), ...(tag && { tag }), ...(isFavourite && { favorite: true }) }
  const asked = useAsk(`${round}/${JSON.stringify(query)}`, (signal) => items(api, projectId, { ...query, limit: AT_ONCE }, signal))
  const turn = useRef(0)
  const select = (itemIds: readonly string[], all = false) => {
    turn.current++
    setSelected(itemIds)
    setAll(all)
  }
  useLayoutEffect(() => {
    if (!asked.value) return
    setRows(asked.value.items)
    select([])
    setCursor(asked.value.nextCursor)
    setTags((known) => [...new Set([...known, ...asked.value!.items.flatMap((one) => one.tags)])].sort())
  }, [asked.value])
  const next = () =>
    doing.run(async () => {
      const page = await items(api, projectId, { ...query, limit: AT_ONCE, cursor: cursor ?? "" })
      setRows((before) => [...before, ...page.items])
      setCursor(page.nextCursor)
    })
  const star = (one: Item) =>
    doing.run(async () => {
      const now = await changeItem(api, one.itemId, { favorite: !one.favorite })
      setRows((before) => before.map((row) => (row.itemId === now.itemId ? { ...row, favorite: now.favorite } : row)))
    })
  const toggle = (itemId: string) => select(selected.includes(itemId) ? selected.filter((one) => one !== itemId) : [...selected, itemId])
  const selectAll = () => {
    select(rows.map((row) => row.itemId), true)
    const mine = turn.current
    if (!cursor) return
    doing.run(async () => {
      const every = await everyItem(api, projectId, query)
      if (mine === turn.current) select(every.map((row) => row.itemId), true)
    })
  }
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
          <input type="checkbox" checked={isAll} onChange={(event) => (event.target.checked ? selectAll() : select([]))} />
          {said.selectAll}
        </label>
      </div>
      <Trouble problem={asked.problem ?? doing.problem} again={asked.again} />
      {!asked.value && rows.length === 0 && !asked.problem && <Lines count={3} />}
      {asked.value?.items.length === 0 && <p className="fine">{said.none}</p>}
      <ul className="gallery">
        {rows.map((one) => (
          <Tile key={one.itemId} one={one} isSelected={selected.includes(one.itemId)} onSelect={() => toggle(one.itemId)} onStar={() => star(one)} />
        ))}
      </ul>
      {cursor && (
        <button type="button" className="button quiet" disabled={doing.busy} onClick={next}>
          {words.more}
        </button>
      )}
      {selected.length > 0 && <Bulk projectId={projectId} selected={selected} isBusy={doing.busy} onClear={() => select([])} onChanged={onChanged} />}
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

interface BulkProps {
  projectId: string
  selected: readonly string[]
  /** More is being selected. */
  isBusy: boolean
  onClear: () => void
  onChanged: () => void
}

/** What is done to all that is selected. */
function Bulk({ projectId, selected, isBusy, onClear, onChanged }: BulkProps) {
  const { words } = useApp()
  const { gallery: said, projects, together, carousels } = useStudioWords()
  const { slides } = facts.studio
  const [tag, setTag] = useState("")
  const sure = useRef<HTMLDialogElement>(null)
  const doing = useDoing()
  const change = (what: Omit<Schemas["BulkChange"], "itemIds">) =>
    doing.run(async () => {
      // Whatever fails can be pressed again: what is changed already stays as it is.
      for (const itemIds of inParts(selected, MAX_ITEMS)) await changeItems(api, projectId, { itemIds, ...what })
      onChanged()
    })
  const goTo = (page: Page) => {
    rememberSelection(page, projectId, selected)
    go(`${page}/${projectId}`)
  }
  const name = tag.trim()
  const cannot = isBusy || doing.busy
  return (
    <div className="bulk" role="region" aria-label={said.selected(selected.length)}>
      <strong>{said.selected(selected.length)}</strong>
      <button type="button" className="button quiet small" onClick={onClear}>
        {said.clear}
      </button>
      <button type="button" className="button small" disabled={cannot} onClick={() => goTo("together")}>
        <Icon name="studio" /> {together.process}
      </button>
      <button type="button" className="button quiet small" disabled={cannot} onClick={() => goTo("export")}>
        <Icon name="download" /> {projects.export}
      </button>
      {selected.length >= slides.min && selected.length <= slides.max && (
        <button type="button" className="button quiet small" disabled={cannot} onClick={() => goTo("carousel")}>
          {carousels.title}
        </button>
      )}
      <button type="button" className="button quiet small" disabled={cannot} onClick={() => change({ favorite: true })}>
        <Icon name="star" /> {said.favourite}
      </button>
      <label className="field">
        <span className="unseen">{said.newTag}</span>
        <input value={tag} maxLength={40} placeholder={said.tag} onChange={(event) => setTag(event.target.value)} />
      </label>
      <button type="button" className="button quiet small" disabled={cannot || !name} onClick={() => change({ addTags: [name] })}>
        {said.addTag}
      </button>
      <button type="button" className="button quiet small" disabled={cannot || !name} onClick={() => change({ removeTags: [name] })}>
        {said.removeTag}
      </button>
      <button type="button" className="button quiet small danger" disabled={cannot} onClick={() => sure.current?.showModal()}>
        <Icon name="bin" /> {said.delete}
      </button>
      <Trouble problem={doing.problem} />
      <Sure ref={sure} asks={said.deleteSure(selected.length)} yes={said.delete} no={words.cancel} onYes={() => change({ delete: true })} />
    </div>
  )
}
