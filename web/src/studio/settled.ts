import { useEffect, useState } from "react"

const SETTLES_MS = 350

/** A value once it has stayed the same for a moment: what is typed or dragged asks the service once. */
export function useSettled<T extends string>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLES_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

/** The newest answer that is there: it stays, and nothing moves, while another one is awaited. */
export function useLast<T>(value: T | null): T | null {
  const [last, setLast] = useState(value)
  useEffect(() => {
    if (value !== null) setLast(value)
  }, [value])
  return value ?? last
}
