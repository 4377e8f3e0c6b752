import { templates } from "lumiku-client"

import { api } from "../client.ts"
import { Lines, Pill } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useTitle } from "../routes.ts"
import { useStudioWords } from "../studio/words.ts"
import { useApp, useAsk } from "../state.tsx"
import { Accounts } from "./accounts.tsx"
import { Apps } from "./apps.tsx"
import { Overview } from "./overview.tsx"
import { useAdminWords } from "./words.ts"

const TABS = ["overview", "accounts", "templates", "apps"] as const

/** What administrators see; whoever is none is refused by the service. */
export default function Admin({ about }: { about: string }) {
  const said = useAdminWords()
  const shown = TABS.find((name) => name === about) ?? "overview"
  useTitle(`${said.title} · ${said.tabs[shown]}`)
  return (
    <section>
      <h1>{said.title}</h1>
      <nav className="tabs" aria-label={said.title}>
        {TABS.map((name) => (
          <a key={name} href={`#/admin/${name}`} aria-current={name === shown ? "page" : undefined}>
            {said.tabs[name]}
          </a>
        ))}
      </nav>
      {shown === "overview" && <Overview />}
      {shown === "accounts" && <Accounts />}
      {shown === "templates" && <TemplateRows />}
      {shown === "apps" && <Apps />}
    </section>
  )
}

function TemplateRows() {
  const { language } = useApp()
  const said = useAdminWords()
  const { templates: words, plans } = useStudioWords()
  const asked = useAsk(language, (signal) => templates(api, {}, signal))
  return (
    <>
      <p className="tells">{said.templatesTell}</p>
      <Trouble problem={asked.problem} again={asked.again} />
      {!asked.value && !asked.problem && <Lines count={6} />}
      {asked.value && <p className="fine">{words.count(asked.value.length)}</p>}
      <ul className="list">
        {asked.value?.map((one) => (
          <li key={one.templateId}>
            <img src={one.thumbnailUrl} alt="" loading="lazy" width="48" height="48" />
            <div className="what">
              <span>{one.name}</span>
              <span className="fine">
                {one.templateId} · {words.categories[one.category]} · {one.aspectRatio}
              </span>
            </div>
            <Pill tone={one.featured ? "good" : "still"}>{one.featured ? words.featured : plans.names[one.availableIn]}</Pill>
          </li>
        ))}
      </ul>
    </>
  )
}
