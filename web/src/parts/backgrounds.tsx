import { useApp } from "../state.tsx"

export const COLOURS = {
  white: "#ffffff",
  black: "#000000",
  grey: "#e7e7e9",
  cream: "#f6eddc",
  sky: "#dcecf7",
  mint: "#dcf2e6",
} as const

/** Backgrounds as chips: none (null), a few that shops like, or an own colour. */
export function Backgrounds({ colour, onColour }: { colour: string | null; onColour: (colour: string | null) => void }) {
  const { words } = useApp()
  const isOwn = colour !== null && !Object.values<string>(COLOURS).includes(colour)
  return (
    <fieldset className="backgrounds">
      <legend>{words.backgrounds.label}</legend>
      <label className="chip">
        <input type="radio" name="background" checked={colour === null} onChange={() => onColour(null)} />
        <span className="swatch checkerboard" />
        {words.backgrounds.transparent}
      </label>
      {Object.entries(COLOURS).map(([name, value]) => (
        <label key={name} className="chip">
          <input type="radio" name="background" checked={colour === value} onChange={() => onColour(value)} />
          <span className="swatch" style={{ background: value }} />
          {words.backgrounds[name as keyof typeof COLOURS]}
        </label>
      ))}
      <label className={isOwn ? "chip own chosen" : "chip own"}>
        <input type="color" value={colour ?? "#ffffff"} onChange={(event) => onColour(event.target.value)} />
        {words.backgrounds.own}
      </label>
    </fieldset>
  )
}
