import { answer } from "lumiku-client"
import { useState } from "react"

import { api, type Schemas } from "../client.ts"
import { Figure, Lines } from "../parts/small.tsx"
import { Trouble } from "../parts/trouble.tsx"
import { useApp, useAsk } from "../state.tsx"
import { useStudioWords } from "../studio/words.ts"
import { useAdminWords } from "./words.ts"

type Business = Schemas["Overview"]

/** The business of one UTC month, both apps. */
export function Overview() {
  const said = useAdminWords()
  const [month, setMonth] = useState("")
  const asked = useAsk<Business>(`overview/${month}`, (signal) =>
    answer(api.GET("/api/admin/overview", { params: { query: month ? { month } : {} }, signal })),
  )
  return (
    <>
      <div className="studio-bar">
        <label className="field">
          <span>{said.month}</span>
          <input type="month" value={month || (asked.value?.month ?? "")} onChange={(event) => setMonth(event.target.value)} />
        </label>
      </div>
      <Trouble problem={asked.problem} again={asked.again} />
      {!asked.value && !asked.problem && <Lines count={8} />}
      {asked.value && <Month business={asked.value} />}
    </>
  )
}

function Month({ business }: { business: Business }) {
  const { words } = useApp()
  const said = useAdminWords()
  const { features } = useStudioWords()
  const { revenue, total, credits, studio } = business
  const rate = (failed: number | null) => (failed === null ? null : words.percent(failed))
  return (
    <>
      <dl className="figures">
        <Figure name={said.income} value={words.rupiah(revenue.totalIdr)} />
        <Figure name={said.topups} value={words.rupiah(revenue.topupsIdr)} />
        <Figure name={said.subscriptions} value={words.rupiah(revenue.subscriptionsIdr)} />
        <Figure name={said.photos} value={words.number(total.photos)} />
        <Figure name={said.failures} value={rate(total.failureRate) ?? "–"} />
        <Figure name={said.used} value={words.number(total.creditsUsed)} />
      </dl>
      <h2>{said.creditsIn}</h2>
      <dl className="figures">
        {(["bought", "granted", "monthly", "withPlans", "expired"] as const).map((name) => (
          <Figure key={name} name={said.into[name]} value={words.number(credits[name])} />
        ))}
      </dl>
      <Shares
        title={said.byTier}
        rows={business.tiers.map((row) => ({ ...row, name: words.tiers[row.tier].name, failed: rate(row.failureRate) }))}
      />
      <Shares title={said.byRoute} rows={business.routes.map((row) => ({ ...row, name: row.entry }))} />
      <Shares
        title={said.byAction}
        rows={studio.actions.map((row) => ({ ...row, name: said.actions[row.action], failed: rate(row.failureRate) }))}
      />
      <Shares title={said.byFeature} rows={studio.features.map((row) => ({ ...row, name: features[row.feature] ?? row.feature }))} />
      <Shares title={said.byTemplate} rows={studio.templates.map((row) => ({ ...row, name: row.templateId }))} />
      <h2>{said.top}</h2>
      {business.topUsers.length === 0 && <p className="fine">{said.nothing}</p>}
      <ul className="list">
        {business.topUsers.map((user) => (
          <li key={user.userId}>
            <div className="what">
              {user.email ? <a href={`#/admin/accounts/${encodeURIComponent(user.email)}`}>{user.email}</a> : <span>{said.unknown}</span>}
              <span className="fine">{said.topLine(user.photos, user.credits)}</span>
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

interface ShareRow {
  name: string
  photos: number
  failed?: string | null
  valueIdr: number
  costIdr: number
  marginIdr: number
}

function Shares({ title, rows }: { title: string; rows: ShareRow[] }) {
  const { words } = useApp()
  const said = useAdminWords()
  const used = rows.filter(({ photos }) => photos > 0)
  if (used.length === 0) return null
  return (
    <>
      <h2>{title}</h2>
      <ul className="list">
        {used.map((row) => (
          <li key={row.name}>
            <div className="what">
              <span>{row.name}</span>
              <span className="fine">
                {said.line(row.photos, row.failed ?? null)} · {said.margin(words.rupiah(row.valueIdr), words.rupiah(row.costIdr))}
              </span>
            </div>
            <strong className="amount">{words.rupiah(row.marginIdr)}</strong>
          </li>
        ))}
      </ul>
    </>
  )
}
