import { useApp } from "../state.tsx"
import { en } from "./words-en.ts"
import { id } from "./words-id.ts"

const WORDS = { id, en }

/** The studio's own words; the rest of the page need not load them. */
export const useStudioWords = (): typeof id => WORDS[useApp().language]
