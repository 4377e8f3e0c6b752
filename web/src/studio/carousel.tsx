import { type CarouselInput, everyItem, type Item, orderCarousel, project, type SlideLayouts, slideLayouts, studioPrice } from "lumiku-client"
import { useState } from "react"

import { api } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Lines } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { facts } from "../prices.ts"
import { go, useTitle } from "../routes.ts"
import { useAsk } from "../state.tsx"
import { Buy } from "./buy.tsx"
import { Chips, Colour, Details } from "./choices.tsx"
import { PicturesToChoose, toggled } from "./pictures.tsx"
import { takeSelection } from "./selection.ts"
import { SlideRow, type SlideWords } from "./slide.tsx"
import { useStudioWords } from "./words.ts"

const { min: LEAST, max: MOST } = facts.studio.slides

/** Pictures of a project in a row, with a few words on each: chosen, priced, ordered. */
export default function CarouselPage({ projectId }: { projectId: string }) {
  const { item: item_, carousels: said } = useStudioWords()
  const about = useAsk(projectId, () => project(api, projectId))
  const made = useAsk(`made/${projectId}`, (signal) => everyItem(api, projectId, { status: "processed" }, signal))
  const looks = useAsk("layouts", (signal) => slideLayouts(api, signal))
  useTitle(said.title)
  const problem = about.problem ?? made.problem ?? looks.problem
  const isKnown = about.value && made.value && looks.value
  return (
    <section>
      <a className="link back" href={`#/studio/${projectId}`}>
        <Icon name="back" /> {about.value?.name ?? item_.back}
      </a>
      <h1>{said.title}</h1>
      <p className="tells">{said.tells}</p>
      <Trouble problem={problem} again={() => (about.again(), made.again(), looks.again())} />
      {!isKnown && !problem && <Lines count={6} />}
      {made.value && made.value.length < LEAST && <p className="fine">{said.few}</p>}
      {isKnown && made.value!.length >= LEAST && (
        <Editor projectId={projectId} name={about.value!.name} found={made.value!} looks={looks.value!} />
      )}
    </section>
  )
}

const NOTHING_SAID: SlideWords = { title: null, price: "", note: "", layout: null }
const DEFAULT_COLOUR = "#1c2430"

function Editor({ projectId, name, found, looks }: { projectId: string; name: string; found: Item[]; looks: SlideLayouts }) {
  const { carousels: said } = useStudioWords()
  const [picked, setPicked] = useState(() => (takeSelection("carousel", projectId) ?? []).filter((one) => found.some(({ itemId }) => itemId === one)).slice(0, MOST))
  const [words, setWords] = useState<Record<string, SlideWords>>({})
  const [layout, setLayout] = useState(looks.layouts[0]!.id)
  const [ratio, setRatio] = useState(Object.keys(looks.ratios)[0]!)
  const [color, setColor] = useState(DEFAULT_COLOUR)
  const of = (itemId: string) => words[itemId] ?? NOTHING_SAID
  const moved = (from: number, by: number) => {
    const now = picked.filter((_, place) => place !== from)
    now.splice(from + by, 0, picked[from]!)
    setPicked(now)
  }
  // What is listed is what the service takes.
  const asked = { name, ratio, layout, color, slides: picked.map((itemId) => ({ itemId, ...of(itemId) })) } as CarouselInput
  const nothing = picked.length < LEAST ? said.need(LEAST) : said.most(MOST)
  return (
    <>
      <fieldset className="plain">
        <legend>{said.pictures(LEAST, MOST)}</legend>
        <PicturesToChoose found={found} picked={picked} word={said.choose} onPick={(one) => setPicked(toggled(picked, one))} />
      </fieldset>
      <fieldset className="plain">
        <legend>{said.layout}</legend>
        <div className="places">
          {looks.layouts.map((one) => (
            <label key={one.id} className="template">
              <input type="radio" name="layout" checked={one.id === layout} onChange={() => setLayout(one.id)} />
              <strong>{one.name}</strong>
              <span className="fine">{one.description}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Chips
        name="ratio"
        label={said.ratio}
        value={ratio}
        options={Object.keys(looks.ratios)}
        word={(one) => `${one} · ${looks.ratios[one]!.join(" × ")} px`}
        onValue={setRatio}
      />
      <Details>
        <Colour label={said.colour} value={color} onValue={setColor} />
      </Details>
      {picked.length > 0 && (
        <>
          <h2>{said.slides}</h2>
          <p className="fine">{said.preview}</p>
          <ol className="slides">
            {picked.map((itemId, place) => (
              <SlideRow
                key={itemId}
                one={found.find((item) => item.itemId === itemId)!}
                place={place}
                ratio={ratio}
                looks={looks}
                words={of(itemId)}
                onWords={(change) => setWords((before) => ({ ...before, [itemId]: { ...of(itemId), ...change } }))}
                onEarlier={place > 0 ? () => moved(place, -1) : null}
                onLater={place < picked.length - 1 ? () => moved(place, 1) : null}
                onRemove={() => setPicked(toggled(picked, itemId))}
              />
            ))}
          </ol>
        </>
      )}
      <Buy
        what={picked.length >= LEAST && picked.length <= MOST ? ["carousel" as const] : null}
        nothing={nothing}
        said={asked}
        price={(features, signal) => studioPrice(api, { features }, signal)}
        label={(price) => said.go(picked.length, price)}
        order={async (expectedCredits, key) => {
          const ordered = await orderCarousel(api, projectId, { ...asked, expectedCredits }, key)
          go(`slides/${ordered.carousel.carouselId}`)
        }}
      />
    </>
  )
}
