import { answer } from "lumiku-client"

import { api, type Schemas } from "../client.ts"
import { Icon } from "../parts/icons.tsx"
import { Figure, Lines } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useTitle } from "../routes.ts"
import { useApp, useAsk } from "../state.tsx"
import { monthName } from "../words/numbers.ts"

const MONTHS = 6

/** What was done with photos in the last months. */
export default function Stats() {
  const { words } = useApp()
  const asked = useAsk<Schemas["Stats"]>("stats", () =>
    answer(api.GET("/api/apps/background-remover/stats", { params: { query: { months: MONTHS } } })),
  )
  useTitle(words.stats.title)
  return (
    <section>
      <h1>{words.stats.title}</h1>
      <p className="tells">{words.stats.tells}</p>
      <Trouble problem={asked.problem} again={asked.again} />
      {!asked.value && !asked.problem && <Lines count={6} />}
      {asked.value &&
        (asked.value.total.photos === 0 ? (
          <div className="empty">
            <Icon name="stats" />
            <p>{words.stats.empty}</p>
            <a className="button" href="#/">
              {words.history.start}
            </a>
          </div>
        ) : (
          <Figures stats={asked.value} />
        ))}
    </section>
  )
}

function Figures({ stats }: { stats: Schemas["Stats"] }) {
  const { words, language } = useApp()
  const { total } = stats
  const months = [...stats.months].sort((a, b) => a.month.localeCompare(b.month))
  const most = Math.max(1, ...months.map(({ photos }) => photos))
  return (
    <>
      <dl className="figures">
        <Figure name={words.stats.photos} value={words.number(total.photos)} />
        <Figure name={words.stats.success} value={total.successRate === null ? "–" : words.percent(total.successRate)} />
        <Figure name={words.stats.credits} value={words.number(total.creditsUsed - total.creditsRefunded)} />
        <Figure name={words.stats.quota} value={words.number(total.quotaUsed)} />
      </dl>
      <h2>{words.stats.byMonth}</h2>
      <ul className="columns">
        {months.map(({ month, photos }) => (
          <li key={month}>
            <strong>{words.number(photos)}</strong>
            <span className="column" style={{ height: `${(photos / most) * 100}%` }} />
            <span>{monthName(month, language)}</span>
          </li>
        ))}
      </ul>
      <h2>{words.stats.byTier}</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.stats.tier}</th>
              <th scope="col">{words.stats.photos}</th>
              <th scope="col">{words.stats.success}</th>
              <th scope="col">{words.stats.credits}</th>
            </tr>
          </thead>
          <tbody>
            {stats.tiers.map((row) => (
              <tr key={row.tier}>
                <th scope="row">{words.tiers[row.tier].name}</th>
                <td>{words.number(row.photos)}</td>
                <td>{row.successRate === null ? "–" : words.percent(row.successRate)}</td>
                <td>{words.number(row.creditsUsed - row.creditsRefunded)}</td>
              </tr>
            ))}
          </tbody>
        </table>
    </>
  )
}
