import { useCallback, useEffect, useState } from "react"

import { admit, type Chosen } from "../choosing.ts"
import { Compare } from "../parts/compare.tsx"
import { Dropzone } from "../parts/dropzone.tsx"
import { Icon } from "../parts/icons.tsx"
import { RefusedList } from "../parts/refused.tsx"
import { TierCards } from "../parts/tiers.tsx"
import { rememberedTier, rememberTier } from "../ordering.ts"
import { go, useTitle } from "../routes.ts"
import { useApp } from "../state.tsx"
import { OnePhoto } from "./one.tsx"

const LAMP = { width: 554, height: 512 }
const LAMP_STAGE = 554 / 512 // as in pages.css
const SAMPLES = ["coffee", "lamp", "ice-cream"] as const

/** The first page: photos come in; one is worked on here, several go to the batch page. */
export function Remove() {
  const { words, chosen, setChosen, refused, setRefused, loggedIn } = useApp()
  const [tier, setTier] = useState(rememberedTier)
  useTitle(words.home.title)
  useEffect(() => rememberTier(tier), [tier])
  useEffect(() => {
    if (chosen.length > 1) go("batch")
  }, [chosen])

  const take = useCallback(
    (photos: Chosen[]) => {
      const { chosen, refused } = admit([], photos)
      setRefused(refused)
      setChosen(chosen)
    },
    [setChosen, setRefused],
  )
  const sample = async (name: string) => {
    const picture = await (await fetch(`/samples/${name}.jpg`)).blob()
    take([{ name: `${name}.jpg`, file: new File([picture], `${name}.jpg`, { type: "image/jpeg" }) }])
  }

  const [first] = chosen
  if (first && chosen.length === 1) {
    return <OnePhoto key={`${first.name}/${first.file.size}`} photo={first} tier={tier} onTier={setTier} onPhotos={take} />
  }
  return (
    <>
      <section className="hero">
        <div>
          <h1>{words.home.title}</h1>
          <p className="lead">{words.home.tells}</p>
          {!loggedIn && (
            <p className="gift">
              <Icon name="check" /> {words.home.gift}
            </p>
          )}
          <Compare before="/samples/lamp.jpg" after="/examples/lamp.webp" backdrop={null} size={LAMP} stageRatio={LAMP_STAGE} />
        </div>
        <div>
          <Dropzone onPhotos={take} />
          <RefusedList refused={refused} />
          <div className="samples">
            <p>{words.home.samples}</p>
            {SAMPLES.map((name) => (
              <button key={name} type="button" onClick={() => void sample(name)}>
                <img src={`/samples/${name}.jpg`} alt={words.home.sample[name]} width="72" height="72" />
              </button>
            ))}
          </div>
        </div>
      </section>
      <section>
        <h2>{words.home.tiersTitle}</h2>
        <p className="tells">{words.home.tiersTells}</p>
        <TierCards tier={tier} onTier={setTier} />
        <a className="link" href="#/pricing">
          {words.pricing.title}
        </a>
      </section>
    </>
  )
}
