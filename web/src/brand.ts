import type { CSSProperties } from "react"

import type { Schemas } from "./client.ts"

export type Brand = Schemas["PublicBrand"]
export type Colours = Pick<Brand, "accentColor" | "headerColor">

/** Whose look the address asks for; null: ours. The hash routes leave it in place. */
export const askedBrand = (): string | null => new URLSearchParams(location.search).get("brand")

type Rgb = [number, number, number]
const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]
// The page's surfaces, and the softest text that stands on them.
const GROUNDS: [ground: Rgb, soft: Rgb, share: number][] = [
  [WHITE, [91, 96, 102], 0.12],
  [[27, 30, 32], [169, 175, 181], 0.2],
]
const READABLE = 4.5

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb
const css = (colour: Rgb): string => `rgb(${colour.map(Math.round).join(" ")})`
const mixed = (one: Rgb, other: Rgb, share: number): Rgb => one.map((value, at) => value * (1 - share) + other[at]! * share) as Rgb

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => (value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4)) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast as WCAG 2.2 counts it. */
function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** White or black: one of them has a contrast of 4.58 to any colour. */
const textOn = (colour: Rgb): Rgb => (contrast(colour, WHITE) >= contrast(colour, BLACK) ? WHITE : BLACK)

/** The colour, as far towards white or black as it takes to be read on `ground`. */
function readable(colour: Rgb, ground: Rgb): Rgb {
  const end = textOn(ground)
  let found = colour
  for (let share = 0; contrast(found, ground) < READABLE && share < 1; share += 0.05) found = mixed(colour, end, share + 0.05)
  return found
}

/** A ground with so much of the colour in it as leaves the soft text readable. */
function wash(colour: Rgb, [ground, soft, most]: (typeof GROUNDS)[number]): Rgb {
  let share = most
  while (contrast(mixed(ground, colour, share), soft) < READABLE && share > 0) share -= 0.01
  return mixed(ground, colour, share)
}

/** The page's variables in the colours of a brand, by light and by dark. */
export function lookOf({ accentColor, headerColor }: Colours): CSSProperties {
  const [accent, header] = [rgb(accentColor), rgb(headerColor)]
  const washes = GROUNDS.map((ground) => wash(accent, ground)) as [Rgb, Rgb]
  const [light, dark] = washes.map((one) => css(readable(accent, one))) as [string, string]
  const text = textOn(accent)
  const deep = `light-dark(${light}, ${dark})`
  return {
    "--fill": css(accent),
    "--fill-deep": css(mixed(accent, text === WHITE ? BLACK : WHITE, 0.15)),
    "--on-fill": css(text),
    "--brand": deep,
    "--brand-deep": deep,
    "--brand-wash": `light-dark(${css(washes[0])}, ${css(washes[1])})`,
    "--header": css(header),
    "--on-header": css(textOn(header)),
  } as CSSProperties
}

/** Gives the whole page the colours of a brand. */
export function dress(brand: Brand): void {
  for (const [name, value] of Object.entries(lookOf(brand))) document.documentElement.style.setProperty(name, String(value))
}
