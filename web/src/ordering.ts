import { answer, type Order, type Tier } from "lumiku-client"

import { api, kept, type Schemas } from "./client.ts"
import { priceOf, TIERS } from "./prices.ts"
import { useApp, useAsk } from "./state.tsx"

/** What an order costs now, as its button shows it and the order names it. */
export interface Cost {
  credits: number
  byPlan: boolean
  again(): void
}

/** By the price list at once, and by the server as soon as it has answered. */
export function useCost(tier: Tier, photos: number): Cost {
  const { loggedIn } = useApp()
  const asked = useAsk<Schemas["PriceAnswer"] | null>(`${loggedIn}/${tier}/${photos}`, async (signal) => {
    if (!loggedIn || photos === 0) return null
    return answer(
      api.POST("/api/apps/background-remover/pricing/calculate", { body: { tier, imageCount: photos }, signal }),
    )
  })
  const today = asked.value?.today
  return {
    credits: today?.credits ?? priceOf(tier, photos || 1).total,
    byPlan: today?.pricingType === "subscription",
    again: asked.again,
  }
}

const TIER = "lumiku.tier"
export const rememberedTier = (): Tier => TIERS.find((tier) => tier === kept.read(TIER)) ?? "standard"
export const rememberTier = (tier: Tier): void => kept.write(TIER, tier)

export const paidAs = (tier: Tier, cost: Cost): Order => ({ tier, expectedCredits: cost.credits })
