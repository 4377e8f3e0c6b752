import { answer } from "lumiku-client"

import { api } from "../client.ts"
import { useApp, useAsk } from "../state.tsx"
import { moment } from "../words/numbers.ts"
import { Lines } from "./small.tsx"
import { Trouble } from "./trouble.tsx"

/** The newest movements of credits. */
export function Ledger() {
  const { words, language } = useApp()
  const asked = useAsk("ledger", () => answer(api.GET("/api/credits/ledger", { params: { query: { limit: 20 } } })))
  return (
    <>
      <h2>{words.plan.ledger}</h2>
      {!asked.value && !asked.problem && <Lines count={4} />}
      <Trouble problem={asked.problem} again={asked.again} />
      {asked.value?.entries.length === 0 && <p className="fine">{words.plan.emptyLedger}</p>}
      <ul className="list">
        {asked.value?.entries.map((entry, index) => (
          <li key={index}>
            <div className="what">
              <span>
                {words.plan.kinds[entry.kind]}
                {entry.photos > 0 && ` · ${words.photos(entry.photos)}`}
                {entry.tier && ` · ${words.tiers[entry.tier].name}`}
              </span>
              <span className="fine">
                {moment(entry.at, language)} · {entry.paidByPlan ? words.plan.byPlan : words.plan.after(entry.balanceAfter)}
              </span>
            </div>
            <strong className={entry.amount > 0 ? "amount plus" : "amount"}>
              {entry.amount > 0 ? "+" : ""}
              {words.number(entry.amount)}
            </strong>
          </li>
        ))}
      </ul>
    </>
  )
}
