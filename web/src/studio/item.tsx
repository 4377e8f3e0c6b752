import { item, type Item, type Variation, variationLink, variations, type Wanted } from "lumiku-client"
import { useEffect, useState } from "react"

import { api } from "../client.ts"
import { Compare } from "../parts/compare.tsx"
import { Icon } from "../parts/icons.tsx"
import { Lines } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useTitle } from "../routes.ts"
import { useApp, useAsk } from "../state.tsx"
import { Editor } from "./editor.tsx"
import { FIRST, takeTemplate, wanted } from "./looks.ts"
import { Order } from "./order.tsx"
import { usePreview } from "./preview.ts"
import { SaveTemplate } from "./save-template.tsx"
import { Variations } from "./variations.tsx"
import { useStudioWords } from "./words.ts"

const AT_ONCE = 50
const STAGE = 4 / 3 // as in studio.css

/** One photo: what shall become of it, seen at once; what was made of it. */
export default function ItemPage({ itemId }: { itemId: string }) {
  const { item: said } = useStudioWords()
  const asked = useAsk(itemId, () => item(api, itemId))
  useTitle(asked.value?.name ?? said.look)
  return (
    <>
      <Trouble problem={asked.problem} again={asked.again} />
      {asked.value ? <Desk one={asked.value} /> : !asked.problem && <Lines count={6} />}
    </>
  )
}

function firstChoices() {
  const template = takeTemplate()
  return template ? { ...FIRST, way: "template" as const, template } : FIRST
}

function Desk({ one }: { one: Item }) {
  const { item: said } = useStudioWords()
  const [choices, setChoices] = useState(firstChoices)
  const [shown, setShown] = useState<Variation | null>(null)
  const made = useAsk(`variations/${one.itemId}`, () => variations(api, one.itemId, { limit: AT_ONCE }))
  const [older, setOlder] = useState<{ rows: Variation[]; cursor: string | null }>({ rows: [], cursor: null })
  useEffect(() => setOlder({ rows: [], cursor: made.value?.nextCursor ?? null }), [made.value])
  const what = wanted(choices)
  const list = made.value && [...made.value.variations, ...older.rows]
  const { cursor } = older
  const readOlder = async () => {
    const page = await variations(api, one.itemId, { limit: AT_ONCE, cursor: cursor ?? "" })
    setOlder((before) => ({ rows: [...before.rows, ...page.variations], cursor: page.nextCursor }))
  }
  return (
    <section className="one desk">
      <div className="bench">
        <a className="link back" href={`#/studio/${one.projectId}`}>
          <Icon name="back" /> {said.back}
        </a>
        {shown ? <Made one={one} variation={shown} /> : <Preview one={one} what={what} />}
      </div>
      <div className="controls">
        <h1 className="file-name">{one.name}</h1>
        <Editor
          choices={choices}
          onChoose={(change) => {
            setShown(null)
            setChoices((before) => ({ ...before, ...change }))
          }}
        />
        {choices.way === "own" && what && "workflow" in what && <SaveTemplate look={what.workflow} />}
        <Order
          one={one}
          what={what}
          made={list?.length ?? 0}
          onMade={(variation) => {
            made.again()
            setShown(variation)
          }}
        />
      </div>
      <Variations
        one={one}
        list={list}
        shown={shown}
        onOlder={cursor ? readOlder : null}
        onShow={setShown}
        onChanged={() => {
          setShown(null)
          made.again()
        }}
      />
      <Trouble problem={made.problem} again={made.again} />
    </section>
  )
}

function Preview({ one, what }: { one: Item; what: Wanted | null }) {
  const { item: said } = useStudioWords()
  const seen = usePreview(one.itemId, what)
  const { preview } = seen
  return (
    <>
      <div className="stage" aria-busy={seen.isBusy}>
        {preview?.image ? (
          <Compare
            key={`${preview.width}/${preview.height}`}
            before={one.viewUrl}
            after={preview.image}
            backdrop={null}
            size={{ width: preview.width ?? 1, height: preview.height ?? 1 }}
            stageRatio={STAGE}
          />
        ) : (
          one.viewUrl && <img src={one.viewUrl} alt="" className={seen.isBusy ? "busy" : undefined} />
        )}
        {seen.isBusy && (
          <p className="over-stage" role="status">
            {seen.preview ? said.previewing : said.preparing}
          </p>
        )}
      </div>
      <p className="fine under-stage">{preview?.isMarked ? said.marked : said.preview}</p>
      <Trouble problem={seen.problem} again={seen.again} />
    </>
  )
}

function Made({ one, variation }: { one: Item; variation: Variation }) {
  const { language } = useApp()
  const { item: said, templates } = useStudioWords()
  const link = useAsk(variation.variationId, () => variationLink(api, one.itemId, { variation: variation.variationId }))
  const [url, setUrl] = useState<string | null>(variation.thumbnailUrl)
  useEffect(() => setUrl(link.value?.url ?? variation.thumbnailUrl), [link.value, variation])
  return (
    <>
      <div className="stage" lang={language}>
        {url && <Compare key={variation.variationId} before={one.viewUrl} after={url} backdrop={null} size={variation} stageRatio={STAGE} />}
      </div>
      <p className="fine under-stage">
        {said.variations} · {templates.size(variation.width, variation.height)}
      </p>
      <Trouble problem={link.problem} again={link.again} />
    </>
  )
}
