import type { ReactNode } from "react"

/** What belongs to the choice above it. */
export const Details = ({ children }: { children: ReactNode }) => <div className="details">{children}</div>

/** One of a few. */
export function Chips<T extends string>({
  name,
  label,
  unseen = false,
  value,
  options,
  word,
  onValue,
}: {
  name: string
  label: string
  unseen?: boolean
  value: T
  options: readonly T[]
  word: (one: T) => string
  onValue: (one: T) => void
}) {
  return (
    <fieldset className={unseen ? "chips ways-to" : "chips"}>
      <legend className={unseen ? "unseen" : undefined}>{label}</legend>
      {options.map((one) => (
        <label key={one} className="chip plain">
          <input type="radio" name={name} checked={one === value} onChange={() => onValue(one)} />
          {word(one)}
        </label>
      ))}
    </fieldset>
  )
}

export function Colour({ label, value, onValue }: { label: string; value: string; onValue: (colour: string) => void }) {
  return (
    <label className="chip">
      <input type="color" value={value} onChange={(event) => onValue(event.target.value)} />
      {label}
    </label>
  )
}

export function Range({ label, value, min, max, onValue }: { label: string; value: number; min: number; max: number; onValue: (value: number) => void }) {
  return (
    <label className="range">
      <span>{label}</span>
      <output>{value}</output>
      <input type="range" min={min} max={max} value={value} onChange={(event) => onValue(Number(event.target.value))} />
    </label>
  )
}
