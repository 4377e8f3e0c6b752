import { deleteProject, project } from "lumiku-client"
import { useRef, useState } from "react"

import { api, type Schemas } from "../client.ts"
import { AtOnce } from "../parts/at-once.tsx"
import { Icon } from "../parts/icons.tsx"
import { Lines } from "../parts/small.tsx"
import { Sure } from "../parts/sure.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { go, useTitle } from "../routes.ts"
import { toProblem, useApp, useAsk, useDoing } from "../state.tsx"
import { CsvImport } from "./csv.tsx"
import { Gallery } from "./gallery.tsx"
import { ProjectDialog } from "./projects.tsx"
import { BatchesOf } from "./batches.tsx"
import { Uploads } from "./uploads.tsx"
import { useStudioWords } from "./words.ts"

/** The photos of a project: brought in, sought, marked, named, deleted. */
export default function ProjectPage({ projectId }: { projectId: string }) {
  const { projects: said } = useStudioWords()
  const meanwhile = (
    <>
      <h1>…</h1>
      <Lines count={6} />
    </>
  )
  return (
    <section>
      <a className="link back" href="#/studio">
        <Icon name="back" /> {said.all}
      </a>
      <AtOnce key={projectId} meanwhile={meanwhile}>
        <OneProject projectId={projectId} />
      </AtOnce>
    </section>
  )
}

function OneProject({ projectId }: { projectId: string }) {
  const { projects: said, together, carousels, imports } = useStudioWords()
  const about = useAsk(projectId, () => project(api, projectId))
  const [round, setRound] = useState(0)
  const rename = useRef<HTMLDialogElement>(null)
  useTitle(about.value?.name ?? said.title)
  const changed = () => {
    about.again()
    setRound((before) => before + 1)
  }
  return (
    <>
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
            {about.value.itemCount > 1 && (
              <a className="button quiet small" href={`#/carousel/${projectId}`}>
                {carousels.title}
              </a>
            )}
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
      <a className="link" href={`#/import/${projectId}`}>
        {imports.link}
      </a>
      <BatchesOf projectId={projectId} />
      <Gallery round={round} projectId={projectId} isEmpty={about.value?.itemCount === 0} onChanged={changed} />
      {about.value !== null && about.value.itemCount > 0 && <CsvImport projectId={projectId} onChanged={changed} />}
    </>
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
