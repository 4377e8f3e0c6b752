import { type Carousel, carouselLink, carouselMade } from "lumiku-client"
import { useEffect, useState } from "react"

import { api } from "../client.ts"
import { save } from "../downloads.ts"
import { Icon } from "../parts/icons.tsx"
import { Bar, Lines, Pill, toneOf } from "../parts/small.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { useTitle } from "../routes.ts"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { moment } from "../words/numbers.ts"
import { useStudioWords } from "./words.ts"

/** One carousel: how far it is, its slides, then its ZIP. */
export default function Slides({ carouselId }: { carouselId: string }) {
  const { refresh } = useApp()
  const { carousels: said, item } = useStudioWords()
  const [seen, setSeen] = useState<Carousel | null>(null)
  const over = useAsk(carouselId, (signal) => carouselMade(api, carouselId, setSeen, signal))
  useTitle(said.title)
  useEffect(() => {
    if (over.value) refresh()
  }, [over.value])
  return (
    <section>
      {seen && (
        <a className="link back" href={`#/studio/${seen.projectId}`}>
          <Icon name="back" /> {item.back}
        </a>
      )}
      <h1>{said.title}</h1>
      <Trouble problem={over.problem} again={over.again} />
      {!seen && !over.problem && <Lines count={3} />}
      {seen && !over.value && !over.problem && <UnderWay seen={seen} />}
      {over.value && <Ready one={over.value} />}
      <ol className="gallery">{seen?.slides.map((one, place) => <Slide key={place} one={one} place={place} />)}</ol>
    </section>
  )
}

function UnderWay({ seen }: { seen: Carousel }) {
  const { carousels: said } = useStudioWords()
  const done = seen.slides.filter(({ status }) => status === "completed").length
  const told = said.making(done, seen.slides.length)
  return (
    <>
      <p role="status">{told}</p>
      <Bar value={done} max={seen.slides.length} label={told} />
      <p className="fine">{said.leave}</p>
    </>
  )
}

function Ready({ one }: { one: Carousel }) {
  const { language } = useApp()
  const { carousels: said, exports } = useStudioWords()
  const doing = useDoing()
  const fetch = () =>
    doing.run(async () => {
      const link = await carouselLink(api, one.carouselId)
      save(link.url, link.fileName)
    })
  return (
    <>
      <Notice tone={one.status === "completed" ? "good" : "still"}>
        <p>{said.status[one.status]}</p>
        {!!one.creditsRefunded && <p>{said.refunded(one.creditsRefunded)}</p>}
      </Notice>
      {one.sizeBytes !== null && (
        <>
          <div className="studio-bar">
            <button type="button" className="button main" disabled={doing.busy} onClick={fetch}>
              <Icon name="download" /> {exports.zip(Math.max(1, Math.round(one.sizeBytes / 1e6)))}
            </button>
          </div>
          <p className="fine">{exports.until(moment(one.expiresAt, language))}</p>
        </>
      )}
      <Trouble problem={doing.problem} />
    </>
  )
}

function Slide({ one, place }: { one: Carousel["slides"][number]; place: number }) {
  const { carousels: said, together } = useStudioWords()
  const picture = one.thumbnailUrl ?? one.url
  return (
    <li className="shot">
      <span className="picture">{picture ? <img src={picture} alt="" loading="lazy" /> : <Icon name="photo" />}</span>
      <strong>{said.slide(place + 1)}</strong>
      {one.warnings.includes("text_cut") && <span className="fine">{said.cut}</span>}
      {one.error && <span className="fine">{one.error.message}</span>}
      <Pill tone={toneOf(one.status)}>{together.status[one.status]}</Pill>
    </li>
  )
}
