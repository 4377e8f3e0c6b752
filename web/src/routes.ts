import { useEffect, useSyncExternalStore } from "react"

const watch = (told: () => void) => {
  window.addEventListener("hashchange", told)
  return () => window.removeEventListener("hashchange", told)
}

/** Parts of the address behind `#/`: `#/batch/b1` is `["batch", "b1"]`, the first page `[""]`. */
export function useRoute(): string[] {
  const hash = useSyncExternalStore(watch, () => location.hash)
  return hash.replace(/^#\/?/, "").split("/")
}

export function go(route: string): void {
  location.hash = `#/${route}`
}

/** Each page begins at its top, with its title read out. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Lumiku`
  }, [title])
}
