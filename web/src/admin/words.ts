import { useApp } from "../state.tsx"
import { en } from "./words-en.ts"
import { id } from "./words-id.ts"

const WORDS = { id, en }

/** The administrator's own words; nobody else loads them. */
export const useAdminWords = (): typeof id => WORDS[useApp().language]
