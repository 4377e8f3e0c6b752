import { changeProject, createProject, newKey, type Project, type ProjectView, projects } from "lumiku-client"
import { useEffect, useMemo, useRef, useState } from "react"

import { api } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Lines } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { go, useTitle } from "../routes.ts"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { moment } from "../words/numbers.ts"
import { useSettled } from "./settled.ts"
import { useStudioWords } from "./words.ts"

const AT_ONCE = 12

/** A person's projects, newest first, each with its newest photos. */
export default function Projects() {
  const { words } = useApp()
  const { projects: said } = useStudioWords()
  const [sought, setSought] = useState("")
  const [more, setMore] = useState<ProjectView[]>([])
  const [cursor, setCursor] = useState<string | null>(null)
  const dialog = useRef<HTMLDialogElement>(null)
  const q = useSettled(sought.trim())
  const asked = useAsk(`projects/${q}`, (signal) => projects(api, { limit: AT_ONCE, ...(q && { q }) }, signal))
  const doing = useDoing()
  useTitle(said.title)
  useEffect(() => {
    setMore([])
    setCursor(asked.value?.nextCursor ?? null)
  }, [asked.value])
  const next = () =>
    doing.run(async () => {
      const page = await projects(api, { limit: AT_ONCE, cursor: cursor ?? "", ...(q && { q }) })
      setMore((before) => [...before, ...page.projects])
      setCursor(page.nextCursor)
    })
  const all = asked.value ? [...asked.value.projects, ...more] : null
  const hasNone = all?.length === 0 && !q
  const ways = (
    <>
      <a className="button quiet" href="#/templates">
        {said.templates}
      </a>
      <button type="button" className="button" onClick={() => dialog.current?.showModal()}>
        <Icon name="plus" /> {said.new}
      </button>
    </>
  )
  return (
    <section>
      <h1>{said.title}</h1>
      <p className="tells">{said.tells}</p>
      <div className="studio-bar" hidden={hasNone}>
        <label className="field search">
          <span className="unseen">{said.search}</span>
          <input type="search" value={sought} placeholder={said.search} onChange={(event) => setSought(event.target.value)} />
        </label>
        {ways}
      </div>
      <Trouble problem={asked.problem ?? doing.problem} again={asked.again} />
      {!all && !asked.problem && <Lines count={4} />}
      {hasNone && (
        <div className="empty">
          <Icon name="studio" />
          <p>{said.empty}</p>
          <div className="studio-bar">{ways}</div>
        </div>
      )}
      {all?.length === 0 && q && <p className="fine">{said.none}</p>}
      <ul className="projects">{all?.map((one) => <Card key={one.projectId} one={one} />)}</ul>
      {cursor && (
        <button type="button" className="button quiet" disabled={doing.busy} onClick={next}>
          {words.more}
        </button>
      )}
      <ProjectDialog ref={dialog} onDone={(made) => go(`studio/${made.projectId}`)} />
    </section>
  )
}

function Card({ one }: { one: ProjectView }) {
  const { words, language } = useApp()
  const covers = one.coverUrls
  return (
    <li className="project">
      <a href={`#/studio/${one.projectId}`}>
        <span className={`covers of-${covers.length}`}>
          {covers.map((url) => (
            <img key={url} src={url} alt="" loading="lazy" />
          ))}
          {covers.length === 0 && <Icon name="photo" />}
        </span>
        <strong>{one.name}</strong>
        <span className="fine">
          {words.photos(one.itemCount)} · {moment(one.updatedAt, language)}
        </span>
        {one.category && <span className="pill still">{one.category}</span>}
      </a>
    </li>
  )
}

/** Makes a project, or says another name of one. */
export function ProjectDialog({
  ref,
  of,
  onDone,
}: {
  ref: React.RefObject<HTMLDialogElement | null>
  of?: Project
  onDone: (project: Project) => void
}) {
  const { words } = useApp()
  const { projects: said } = useStudioWords()
  const [name, setName] = useState(of?.name ?? "")
  const [category, setCategory] = useState(of?.category ?? "")
  const doing = useDoing()
  const key = useMemo(newKey, [name, category])
  const save = () =>
    doing.run(async () => {
      const told = { name: name.trim(), category: category.trim() || null }
      const done = of ? await changeProject(api, of.projectId, told) : await createProject(api, told, key)
      ref.current?.close()
      onDone(done)
    })
  return (
    <dialog ref={ref} aria-label={of ? said.rename : said.new}>
      <h2>{of ? said.rename : said.new}</h2>
      <form onSubmit={(event) => (event.preventDefault(), save())}>
        <label className="field">
          <span>{said.name}</span>
          <input name="name" required maxLength={120} value={name} placeholder={said.example} onChange={(event) => setName(event.target.value)} />
        </label>
        <label className="field">
          <span>{said.category}</span>
          <input name="category" maxLength={60} value={category} onChange={(event) => setCategory(event.target.value)} />
        </label>
        <Trouble problem={doing.problem} />
        <div className="ways">
          <button type="button" className="button quiet" onClick={() => ref.current?.close()}>
            {words.cancel}
          </button>
          <button className="button" disabled={doing.busy}>
            {of ? said.save : said.create}
          </button>
        </div>
      </form>
    </dialog>
  )
}
