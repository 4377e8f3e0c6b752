import { useState } from "react"

import { useApp } from "../state.tsx"

/** How wide and high a picture is: known before it is there, so that nothing moves when it comes. */
export interface Size {
  width: number
  height: number
}

/** Before and after, one over the other, with a slider between them that is a form control. It fills what it
 * is in, of which `stageRatio` says how much wider than high that is. */
export function Compare({
  before,
  after,
  backdrop,
  size,
  stageRatio,
}: {
  before: string | null
  after: string
  backdrop: string | null
  size: Size
  stageRatio: number
}) {
  const { words } = useApp()
  const [at, setAt] = useState(before ? 50 : 0)
  const ratio = size.width / size.height
  const fit = ratio > stageRatio ? { width: "100%" } : { height: "100%" }
  return (
    <figure className="compare">
      <div className="checkerboard" style={{ ...fit, aspectRatio: ratio, ...(backdrop && { background: backdrop }) }}>
        <img src={after} alt={words.one.after} loading="lazy" width={size.width} height={size.height} />
        {before && <img src={before} alt={words.one.before} loading="lazy" style={{ clipPath: `inset(0 ${100 - at}% 0 0)` }} />}
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
