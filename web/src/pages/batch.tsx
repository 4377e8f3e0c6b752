import { newKey, type Order, orderBatch } from "lumiku-client"
import { useCallback, useEffect, useMemo, useState } from "react"

import { admit, type Chosen } from "../choosing.ts"
import { api } from "../client.ts"
import { type Cost, paidAs, rememberedTier, rememberTier, useCost } from "../ordering.ts"
import { Backgrounds } from "../parts/backgrounds.tsx"
import { Dropzone, FileButton, useDrops } from "../parts/dropzone.tsx"
import { Icon } from "../parts/icons.tsx"
import { RefusedList } from "../parts/refused.tsx"
import { usePriceWord } from "../parts/small.tsx"
import { Thumbnail } from "../parts/thumbnail.tsx"
import { TierCards } from "../parts/tiers.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { facts, nextDiscount, priceOf } from "../prices.ts"
import { go, useTitle } from "../routes.ts"
import { begin } from "../sending.ts"
import { toProblem, useApp, useDoing } from "../state.tsx"
import { Underway } from "./underway.tsx"

export default function Batch({ batchId }: { batchId: string | null }) {
  return batchId ? <Underway batchId={batchId} /> : <Draft />
}

/** Photos that are chosen, what is to be done with them, and what that costs. */
function Draft() {
  const { words, chosen, setChosen, refused, setRefused, loggedIn, refresh } = useApp()
  const [tier, setTier] = useState(rememberedTier)
  const [colour, setColour] = useState<string | null>(null)
  const doing = useDoing()
  const cost = useCost(tier, chosen.length)
  const key = useMemo(newKey, [chosen, tier, colour])
  useTitle(words.batch.title)
  useEffect(() => rememberTier(tier), [tier])

  const add = useCallback(
    (photos: Chosen[]) => {
      const { chosen: all, refused } = admit(chosen, photos)
      setChosen(all)
      setRefused(refused)
    },
    [chosen, setChosen, setRefused],
  )
  useDrops(add)
  const order = () =>
    doing.run(async () => {
      const what: Order = { ...paidAs(tier, cost), ...(colour && { background: colour, format: "jpeg" }) }
      try {
        const files = chosen.map(({ name, file }) => ({ name, size: file.size }))
        const accepted = await orderBatch(api, files, what, key)
        begin(accepted, chosen)
        setChosen([])
        setRefused([])
        go(`batch/${accepted.batchId}`)
      } catch (error) {
        if (toProblem(error).code === "price_changed") cost.again()
        throw error
      } finally {
        refresh()
      }
    })

  if (chosen.length === 0) {
    return (
      <section className="narrow">
        <h1>{words.batch.title}</h1>
        <Dropzone onPhotos={add} />
        <RefusedList refused={refused} />
      </section>
    )
  }
  return (
    <section className="batch">
      <div className="batch-head">
        <header className="row">
          <h1>{words.batch.chosen(chosen.length)}</h1>
          <FileButton onPhotos={add}>{words.batch.add}</FileButton>
          <button type="button" className="button quiet" onClick={() => (setChosen([]), setRefused([]), go(""))}>
            {words.batch.clear}
          </button>
        </header>
        <RefusedList refused={refused} />
      </div>
      <div className="controls">
        <TierCards tier={tier} onTier={setTier} compact />
        <Backgrounds colour={colour} onColour={setColour} />
        <PriceList photos={chosen.length} tier={tier} cost={cost} />
        <div className="sticky">
          <Trouble problem={doing.problem} again={order} order={{ tier, photos: chosen.length, onTier: setTier }} />
          <GoButton cost={cost} photos={chosen.length} busy={doing.busy} onGo={loggedIn ? order : () => go("login")} />
        </div>
      </div>
      <ChosenTiles chosen={chosen} onChosen={setChosen} />
    </section>
  )
}

function ChosenTiles({ chosen, onChosen }: { chosen: Chosen[]; onChosen: (chosen: Chosen[]) => void }) {
  const { words } = useApp()
  return (
    <ul className="tiles">
      {chosen.map(({ name, file }, index) => (
        <li key={`${name}/${file.size}`} className="tile">
          <span className="picture">
            <Thumbnail file={file} result={null} />
          </span>
          <span className="file-name">{name}</span>
          <button
            type="button"
            className="take-out"
            aria-label={words.batch.remove(name)}
            onClick={() => onChosen(chosen.toSpliced(index, 1))}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}

function GoButton({ cost, photos, busy, onGo }: { cost: Cost; photos: number; busy: boolean; onGo: () => void }) {
  const { words, loggedIn } = useApp()
  const priceWord = usePriceWord()
  const price = priceWord(cost.credits, cost.byPlan)
  const tells = loggedIn ? words.batch.go(photos, price) : words.batch.goGuest(photos)
  return (
    <button type="button" className="button main wide" disabled={busy || photos < facts.batch.min} onClick={onGo}>
      {busy ? `${words.batch.ordering}…` : tells}
    </button>
  )
}

function PriceList({ photos, tier, cost }: { photos: number; tier: ReturnType<typeof rememberedTier>; cost: Cost }) {
  const { words } = useApp()
  const priceWord = usePriceWord()
  const price = priceOf(tier, photos)
  const next = nextDiscount(photos)
  return (
    <dl className="price-list" aria-label={words.batch.price}>
      <div>
        <dt>{words.batch.base(photos, price.each)}</dt>
        <dd>{words.number(price.base)}</dd>
      </div>
      {price.discount > 0 && (
        <div className="saved">
          <dt>{words.batch.discount(price.percent)}</dt>
          <dd>−{words.number(price.discount)}</dd>
        </div>
      )}
      <div className="sum">
        <dt>{words.batch.total}</dt>
        <dd>
          {priceWord(cost.credits, cost.byPlan)}
          {!cost.byPlan && <small> {words.rupiah(cost.credits * facts.idrPerCredit)}</small>}
        </dd>
      </div>
      {next && photos + next.missing <= facts.batch.max && (
        <div className="hint">
          <dt>{words.batch.next(next.missing, next.percent)}</dt>
          <dd />
        </div>
      )}
    </dl>
  )
}
