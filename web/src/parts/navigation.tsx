import type { Brand } from "../brand.ts"
import { useApp } from "../state.tsx"
import { Icon, type IconName } from "./icons.tsx"

interface Link {
  page: string
  icon: IconName
  word: "photo" | "studio" | "history" | "pricing" | "plan" | "stats" | "account" | "login"
}

const OPEN: Link[] = [
  { page: "", icon: "photo", word: "photo" },
  { page: "pricing", icon: "price", word: "pricing" },
]
const MINE: Link[] = [
  { page: "", icon: "photo", word: "photo" },
  { page: "studio", icon: "studio", word: "studio" },
  { page: "history", icon: "history", word: "history" },
  { page: "plan", icon: "credits", word: "plan" },
  { page: "stats", icon: "stats", word: "stats" },
  { page: "account", icon: "account", word: "account" },
]

const PART_OF: Record<string, string> = { batch: "", item: "studio", export: "studio", exported: "studio", templates: "studio", plans: "studio" }

function Links({ links, page }: { links: Link[]; page: string }) {
  const { words } = useApp()
  const here = PART_OF[page] ?? page
  return (
    <>
      {links.map((link) => (
        <a key={link.page} href={`#/${link.page}`} aria-current={link.page === here ? "page" : undefined}>
          <Icon name={link.icon} />
          <span>{words.nav[link.word]}</span>
        </a>
      ))}
    </>
  )
}

/** Whose page it is: ours, unless the address names a brand. One without a logo has none. */
export function Named({ brand }: { brand: Brand | null }) {
  const { words } = useApp()
  const logo = brand ? brand.logoUrl : "/icon.svg"
  return (
    <a className="brand" href="#/">
      {logo && <img src={logo} alt="" width="28" height="28" />}
      <span>{brand?.name || words.brand}</span>
    </a>
  )
}

export function Header({ page }: { page: string }) {
  const { words, language, setLanguage, loggedIn, credits, brand } = useApp()
  const wide = loggedIn ? [...MINE.slice(0, 3), OPEN[1]!, ...MINE.slice(3)] : OPEN
  return (
    <header className={brand ? "top branded" : "top"}>
      <Named brand={brand} />
      <nav className="wide" aria-label={words.nav.label}>
        <Links links={wide} page={page} />
      </nav>
      <button
        type="button"
        className="quiet language"
        lang={language === "id" ? "en" : "id"}
        onClick={() => setLanguage(language === "id" ? "en" : "id")}
      >
        <span className="wide-only">{words.nav.language}</span>
        <span className="phone-only" aria-label={words.nav.language}>
          {language === "id" ? "EN" : "ID"}
        </span>
      </button>
      {loggedIn ? (
        <a className="balance" href="#/plan" aria-label={credits ? words.balance(credits.balance) : words.nav.plan}>
          <Icon name="credits" />
          {credits ? words.number(credits.balance) : "…"}
        </a>
      ) : (
        <a className="button small" href="#/login">
          {words.nav.login}
        </a>
      )}
    </header>
  )
}

/** The same links where a thumb reaches them. */
export function PhoneBar({ page }: { page: string }) {
  const { words, loggedIn } = useApp()
  const links = loggedIn ? MINE : [...OPEN, { page: "login", icon: "login", word: "login" } satisfies Link]
  return (
    <nav className="phone-bar" aria-label={words.nav.label}>
      <Links links={links} page={page} />
    </nav>
  )
}
