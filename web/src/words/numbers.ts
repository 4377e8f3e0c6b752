/** Numbers as people of a language write them. */
export type Language = "id" | "en"

const LOCALES = { id: "id-ID", en: "en-GB" }

export const count = (value: number, language: Language) =>
  new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 2 }).format(value)

export const rupiah = (value: number, language: Language) =>
  `Rp ${new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 0 }).format(value)}`

export const percent = (value: number, language: Language) =>
  new Intl.NumberFormat(LOCALES[language], { style: "percent", maximumFractionDigits: 1 }).format(value / 100)

export const day = (moment: string, language: Language) =>
  new Intl.DateTimeFormat(LOCALES[language], { dateStyle: "medium" }).format(new Date(moment))

export const moment = (at: string, language: Language) =>
  new Intl.DateTimeFormat(LOCALES[language], { dateStyle: "medium", timeStyle: "short" }).format(new Date(at))

export const monthName = (month: string, language: Language) =>
  new Intl.DateTimeFormat(LOCALES[language], { month: "short", year: "2-digit", timeZone: "UTC" }).format(
    new Date(`${month}-01T00:00:00Z`),
  )

export const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)

export function bytes(value: number, language: Language): string {
  const megabyte = value >= 1e6
  return new Intl.NumberFormat(LOCALES[language], {
    style: "unit",
    unit: megabyte ? "megabyte" : "kilobyte",
    maximumFractionDigits: megabyte ? 1 : 0,
  }).format(value / (megabyte ? 1e6 : 1e3))
}
