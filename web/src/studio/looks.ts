import type { Look, Wanted } from "lumiku-client"

import { kept } from "../client.ts"

type Background = NonNullable<Look["background"]>
type Shadow = NonNullable<Look["shadow"]>
type Lighting = NonNullable<Look["lighting"]>

/** What is chosen for a photo; `look` sends only what belongs to these choices. */
export interface Choices {
  way: "own" | "template"
  template: string | null
  background: Background["action"]
  colour: string
  from: string
  to: string
  scene: string | null
  prompt: string
  complex: boolean
  seed: number
  light: "none" | "auto" | "manual" | NonNullable<Lighting["preset"]>
  /** The preset's light comes from a provider, where there is one. */
  relit: boolean
  brightness: number
  contrast: number
  warmth: number
  shadow: Shadow["type"]
  opacity: number
  blur: number
  ratio: string
  fill: number
  upscale: 0 | 2 | 4
}

export type Choose = (change: Partial<Choices>) => void

export const FIRST: Choices = {
  way: "own",
  template: null,
  background: "remove",
  colour: "#ffffff",
  from: "#f6eddc",
  to: "#dcecf7",
  scene: null,
  prompt: "",
  complex: false,
  seed: 0,
  light: "none",
  relit: false,
  brightness: 0,
  contrast: 0,
  warmth: 0,
  shadow: "drop",
  opacity: 40,
  blur: 50,
  ratio: "",
  fill: 80,
  upscale: 0,
}

export const BACKGROUNDS = ["keep", "remove", "solid", "gradient", "template", "ai"] as const
export const LIGHTS = ["none", "auto", "studio", "natural", "dramatic", "bright", "moody", "manual"] as const
export const SHADOWS = ["none", "natural", "drop", "reflection"] as const
export const RATIOS = ["1:1", "4:5", "3:4", "9:16", "16:9"] as const

/** The three that are offered by name; `prompt` is a first description in the caller's language. */
export const presets = (prompt: string): Record<"standard" | "professional" | "premium", Partial<Choices>> => ({
  standard: { background: "solid", colour: "#ffffff", light: "none", shadow: "natural", upscale: 0 },
  professional: { background: "ai", prompt, light: "studio", shadow: "natural", upscale: 0 },
  premium: { background: "ai", prompt, light: "dramatic", shadow: "natural", upscale: 2 },
})

/** What is to be ordered; null while nothing is chosen, or not all that it needs. */
export function wanted(choices: Choices): Wanted | null {
  if (choices.way === "template") return choices.template ? { templateId: choices.template } : null
  const background = backgroundOf(choices)
  if (background === null) return null
  const { light, shadow, ratio, fill, upscale, opacity, blur } = choices
  const isCutOut = background.action !== "keep"
  const workflow: Look = {
    ...(isCutOut && { background }),
    ...(light !== "none" && { lighting: lighting(choices) }),
    ...(isCutOut && shadow !== "none" && { shadow: { type: shadow, opacity, blur } }),
    ...(ratio && { frame: { aspectRatio: ratio, ...(isCutOut && { fillPercent: fill }) } }),
    ...(upscale && { upscale: { factor: upscale } }),
  }
  // A frame alone is nothing that is sold.
  return workflow.background || workflow.lighting || workflow.upscale ? { workflow } : null
}

function backgroundOf({ background: action, colour, from, to, scene, prompt, complex, seed }: Choices): Background | null {
  switch (action) {
    case "solid":
      return { action, color: colour }
    case "gradient":
      return { action, gradient: { type: "linear", stops: [{ color: from, at: 0 }, { color: to, at: 100 }] } }
    case "template":
      return scene ? { action, templateId: scene } : null
    case "ai":
      return prompt.trim() ? { action, prompt: prompt.trim(), ...(complex && { complexity: "complex" as const }), ...(seed && { seed }) } : null
    default:
      return { action }
  }
}

function lighting({ light, relit, brightness, contrast, warmth }: Choices): Lighting {
  if (light === "manual") return { mode: light, brightness, contrast, warmth }
  return light === "auto" || light === "none" ? { mode: light } : { mode: relit ? "ai" : "preset", preset: light }
}

/** Lights that have a name, by which a provider can make them too. */
export const isPreset = (light: Choices["light"]): boolean => !["none", "auto", "manual"].includes(light)

// A template that was chosen before there was a photo for it.
const TEMPLATE = "lumiku.template"
export const rememberTemplate = (templateId: string): void => kept.write(TEMPLATE, templateId)
export function takeTemplate(): string | null {
  const found = kept.read<string>(TEMPLATE)
  kept.drop(TEMPLATE)
  return found
}
