import { type ReactNode, useCallback, useRef, useState } from "react"

import { Awaiting } from "../state.tsx"

/** Shows its children when all that they ask at first is answered: nothing is pushed away by what comes later. */
export function AtOnce({ meanwhile, children }: { meanwhile: ReactNode; children: ReactNode }) {
  const awaited = useRef(0)
  const [isThere, setThere] = useState(false)
  const begin = useCallback(() => {
    awaited.current++
    return () => {
      if (--awaited.current === 0) setThere(true)
    }
  }, [])
  return (
    <Awaiting value={begin}>
      {!isThere && meanwhile}
      <div className="at-once" hidden={!isThere}>
        {children}
      </div>
    </Awaiting>
  )
}
