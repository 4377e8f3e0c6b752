import type { Tier } from "lumiku-client"

import json from "./facts.json" with { type: "json" }

interface Plan {
  name: "starter" | "pro"
  price: number
  dailyQuota: number
  allowedTiers: Tier[]
  professionalQuota: number | null
}

/** Made from the domain's own numbers by `make openapi`. */
export const facts = json as Omit<typeof json, "plans"> & { plans: Plan[] }
export const TIERS = Object.keys(facts.tiers) as Tier[]

export interface Price {
  each: number
  base: number
  percent: number
  discount: number
  total: number
}

/** What so many photos of a tier cost in credits: the domain's rule, for a price that follows each choice.
 * The server has the last word: an order names the price that was seen. */
export function priceOf(tier: Tier, photos: number): Price {
  const each = facts.tiers[tier]
  const base = each * photos
  const percent = facts.discounts.find(({ from }) => photos >= from)?.percent ?? 0
  const discount = Math.floor((base * percent) / 100)
  return { each, base, percent, discount, total: base - discount }
}

/** The next discount, and how many photos are missing for it. */
export function nextDiscount(photos: number): { missing: number; percent: number } | null {
  const above = facts.discounts.filter(({ from }) => from > photos).at(-1)
  return above ? { missing: above.from - photos, percent: above.percent } : null
}

const DAYS_PER_MONTH = 30

/** How many photos of a tier a plan takes a day; 0 if it has not the tier. */
function quotaOf(name: string, tier: Tier): number {
  const plan = facts.plans.find((plan) => plan.name === name)
  if (!plan?.allowedTiers.includes(tier)) return 0
  return tier === "professional" ? (plan.professionalQuota ?? plan.dailyQuota) : plan.dailyQuota
}

/** Photos a month from which a plan is no dearer than credits, in orders of so many; null if it never takes them. */
export function breakEven(name: string, tier: Tier, photos: number): number | null {
  if (photos > quotaOf(name, tier)) return null
  return Math.ceil((planPrice(name) * photos) / (priceOf(tier, photos).total * facts.idrPerCredit))
}

/** Rupiah that a plan saves a month; negative if it costs more, null if its quota is too small. */
export function savingIdr(name: string, tier: Tier, photos: number, monthly: number): number | null {
  const quota = quotaOf(name, tier)
  if (photos > quota || monthly > quota * DAYS_PER_MONTH) return null
  return Math.floor((monthly * priceOf(tier, photos).total * facts.idrPerCredit) / photos) - planPrice(name)
}

const planPrice = (name: string): number => facts.plans.find((plan) => plan.name === name)?.price ?? 0
