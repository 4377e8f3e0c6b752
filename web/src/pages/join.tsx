import { answer } from "lumiku-client"

import { api, workspace } from "../client.ts"
import { Trouble } from "../parts/trouble.tsx"
import { useTitle } from "../routes.ts"
import { useDoing } from "../state.tsx"
import { useTeamWords } from "./team-words.ts"

/** Where the link of an invitation leads: accept it, and be in that workspace. */
export default function Join({ token }: { token: string }) {
  const said = useTeamWords()
  const doing = useDoing()
  useTitle(said.join)
  const accept = () =>
    doing.run(async () => {
      await answer(api.POST("/api/invitations/accept", { body: { token } }))
      const { workspaces } = await answer(api.GET("/api/workspaces"))
      workspace.choose(workspaces.find((one) => token.startsWith(`${one.workspaceId}.`)) ?? null)
    })
  return (
    <section className="narrow">
      <h1>{said.join}</h1>
      <p className="tells">{said.joinTells}</p>
      <Trouble problem={doing.problem} />
      <button type="button" className="button main wide" disabled={doing.busy} onClick={accept}>
        {said.accept}
      </button>
    </section>
  )
}
