import { useEffect, useSyncExternalStore } from "react"

import { useApp } from "./state.tsx"

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

/** A payment gateway sends people back to the page's address with `?order_id=`: the payment is shown. */
export function followReturn(): void {
  const payment = new URLSearchParams(location.search).get("order_id")
  if (payment) history.replaceState(null, "", `${location.pathname}#/payment/${encodeURIComponent(payment)}`)
}

/** Each page begins at its top, with its title read out. */
export function useTitle(title: string): void {
  const { brand, words } = useApp()
  const name = brand?.name ?? words.brand
  useEffect(() => {
    document.title = `${title} · ${name}`
  }, [title, name])
}
