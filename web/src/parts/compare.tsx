import { useState } from "react"

import { useApp } from "../state.tsx"

/** Before and after, one over the other, with a slider between them that is a form control. */
export function Compare({ before, after, backdrop }: { before: string | null; after: string; backdrop: string | null }) {
  const { words } = useApp()
  const [at, setAt] = useState(before ? 50 : 0)
  return (
    <figure className="compare">
      <div className="checkerboard" style={backdrop ? { background: backdrop } : undefined}>
        <img className="after" src={after} loading="lazy" alt={words.one.after} />
        {before && <img className="before" src={before} loading="lazy" alt={words.one.before} style={{ clipPath: `inset(0 ${100 - at}% 0 0)` }} />}
        {before && <span className="divide" style={{ left: `${at}%` }} />}
      </div>
      {before && (
        <input
          type="range"
          min="0"
          max="100"
          value={at}
          aria-label={words.one.compare}
          onChange={(event) => setAt(Number(event.target.value))}
        />
      )}
    </figure>
  )
}
