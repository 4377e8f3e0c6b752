import type { Tier } from "lumiku-client"

import { facts, TIERS } from "../prices.ts"
import { useApp } from "../state.tsx"

/** The tiers to choose from: as cards with an example each, or as a row of buttons. */
export function TierCards({
  tier,
  onTier,
  compact = false,
}: {
  tier: Tier
  onTier: (tier: Tier) => void
  compact?: boolean
}) {
  const { words } = useApp()
  return (
    <fieldset className={compact ? "tiers compact" : "tiers"}>
      <legend className={compact ? undefined : "unseen"}>{words.tiers.label}</legend>
      {TIERS.map((name) => (
        <label key={name} className="tier">
          <input type="radio" name="tier" value={name} checked={name === tier} onChange={() => onTier(name)} />
          {!compact && (
            <img src={`/examples/${name}.webp`} alt={words.tiers.example(words.tiers[name].name)} className="checkerboard" width="560" height="420" loading="lazy" />
          )}
          <strong>{words.tiers[name].name}</strong>
          {!compact && <span className="tells">{words.tiers[name].tells}</span>}
          <span className="cost">{compact ? words.credits(facts.tiers[name]) : words.tiers.perPhoto(facts.tiers[name])}</span>
          <span className="time">{words.tiers[name].time}</span>
        </label>
      ))}
    </fieldset>
  )
}
