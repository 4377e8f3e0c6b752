import { connections, exportTo } from "lumiku-client"
import { useState } from "react"

import { api, type Schemas } from "../client.ts"
import { useConnectionWords } from "../pages/connection-words.ts"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { useAsk, useDoing } from "../state.tsx"

/** Hands a picture over to an app that may see pictures. Nothing where none may. */
export function SendTo({ itemId, variationId }: { itemId: string; variationId: string }) {
  const said = useConnectionWords()
  const found = useAsk("connections", (signal) => connections(api, signal))
  const [taken, setTaken] = useState<Schemas["HandedOver"] | null>(null)
  const doing = useDoing()
  const apps = found.value?.filter((one) => one.grant?.scopes.includes("pictures")) ?? []
  if (!apps.length) return null
  const send = (app: string) => doing.run(async () => setTaken(await exportTo(api, itemId, app, { variationId })))
  return (
    <>
      <div className="presets" role="group" aria-label={said.sendTo}>
        <span className="fine">{said.sendTo}</span>
        {apps.map(({ app }) => (
          <button key={app} type="button" className="button quiet small" disabled={doing.busy} onClick={() => send(app)}>
            {app}
          </button>
        ))}
      </div>
      <Trouble problem={doing.problem} />
      {taken && (
        <Notice tone="good">
          <p>{taken.message ?? said.sent(taken.app)}</p>
          {taken.redirectUrl && (
            <a className="button small" href={taken.redirectUrl} target="_blank" rel="noreferrer">
              {said.goOn(taken.app)}
            </a>
          )}
        </Notice>
      )}
    </>
  )
}
