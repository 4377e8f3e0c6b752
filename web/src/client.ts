import { type components, connect, type Session, type Tokens } from "lumiku-client"

import type { Language } from "./words/numbers.ts"

export type Schemas = components["schemas"]

const TOKENS = "lumiku.session"
const LANGUAGE = "lumiku.language"

/** Storage that may be full, or forbidden: then what is kept lasts as long as the page. */
const fallback = new Map<string, string>()
const storageWatchers = new Set<() => void>()
export const kept = {
  read<T>(name: string): T | null {
    try {
      const text = fallback.get(name) ?? localStorage.getItem(name)
      return text ? (JSON.parse(text) as T) : null
    } catch {
      return null
    }
  },
  write(name: string, value: unknown): void {
    const text = JSON.stringify(value)
    try {
      localStorage.setItem(name, text)
      fallback.delete(name)
    } catch {
      // Full or forbidden: what the storage has of that name is out of date.
      fallback.set(name, text)
      storageWatchers.forEach((told) => told())
    }
  },
  drop(name: string): void {
    fallback.delete(name)
    try {
      localStorage.removeItem(name)
    } catch {
      // Forbidden: there is nothing to remove.
    }
  },
}

/** Whether the browser refused to keep something beyond the life of the page. */
export const isForgetful = (): boolean => fallback.size > 0
export function watchStorage(told: () => void): () => void {
  storageWatchers.add(told)
  return () => storageWatchers.delete(told)
}

const watchers = new Set<() => void>()

/** The session, shared by all tabs; `watch` is told of log-ins and of its end. */
export const session: Session & { watch(told: () => void): () => void } = {
  get: () => kept.read<Tokens>(TOKENS),
  put(tokens) {
    if (tokens) kept.write(TOKENS, tokens)
    else {
      kept.drop(TOKENS)
      workspace.forget()
    }
    watchers.forEach((told) => told())
  },
  watch(told) {
    const other = (event: StorageEvent) => event.key === TOKENS && told()
    watchers.add(told)
    window.addEventListener("storage", other)
    return () => {
      watchers.delete(told)
      window.removeEventListener("storage", other)
    }
  },
}

export function startLanguage(): Language {
  return kept.read<Language>(LANGUAGE) ?? (navigator.language.toLowerCase().startsWith("en") ? "en" : "id")
}

let spoken = startLanguage()
export function speak(language: Language): void {
  spoken = language
  document.documentElement.lang = language
  kept.write(LANGUAGE, language)
}

const WORKSPACE = "lumiku.workspace"
export type Workspace = Schemas["WorkspaceBody"]

/** As it was when the page began: neither another tab nor a reload that somebody stopped changes, half-way,
 * for whom it acts. */
let acted = kept.read<Workspace>(WORKSPACE)

/** Whose account the page is about, if not one's own. Another choice begins the page anew: nothing that is
 * shown is about two of them. */
export const workspace = {
  get: () => acted,
  choose(chosen: Workspace | null): void {
    if (chosen) kept.write(WORKSPACE, chosen)
    else kept.drop(WORKSPACE)
    location.hash = "#/"
    location.reload()
  },
  forget(): void {
    acted = null
    kept.drop(WORKSPACE)
  },
}

export const api = connect({
  baseUrl: location.origin,
  session,
  workspace: () => workspace.get()?.workspaceId ?? null,
  language: () => spoken,
})
