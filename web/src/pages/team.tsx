import { answer } from "lumiku-client"
import { type FormEvent, useRef, useState } from "react"

import { api, type Schemas, type Workspace, workspace } from "../client.ts"
import { Lines } from "../parts/small.tsx"
import { Sure } from "../parts/sure.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { moment } from "../words/numbers.ts"
import { useTeamWords } from "./team-words.ts"

type Role = Workspace["role"]
type Member = Schemas["MemberBody"]
const ROLES: Role[] = ["viewer", "editor", "admin", "owner"]

/** Who may act for the account, who is asked in, and for whom one acts oneself. */
export function Team({ acted, mayManage }: { acted: Workspace | null; mayManage: boolean }) {
  const { words } = useApp()
  const said = useTeamWords()
  const team = useAsk("team", () => answer(api.GET("/api/team")))
  const doing = useDoing()
  const [invited, setInvited] = useState<string | null>(null)
  const leaving = useRef<HTMLDialogElement>(null)
  const roles = acted?.role === "admin" ? ROLES.slice(0, 3) : ROLES
  const then = (what: () => Promise<unknown>) =>
    doing.run(async () => {
      await what()
      team.again()
    })
  const invite = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const told = new FormData(form)
    const body = { email: String(told.get("email")), role: told.get("role") as Role }
    setInvited(null)
    then(async () => {
      setInvited((await answer(api.POST("/api/team/invitations", { body }))).email)
      form.reset()
    })
  }
  const withdraw = (invitation_id: string) =>
    then(() => answer(api.DELETE("/api/team/invitations/{invitation_id}", { params: { path: { invitation_id } } })))
  const leave = () =>
    doing.run(async () => {
      await answer(api.POST("/api/team/leave"))
      workspace.choose(null)
    })
  return (
    <div className="card">
      <h2>{said.title}</h2>
      <p className="fine">{acted ? said.acting(acted.owner ?? "", said.roles[acted.role]) : said.tells}</p>
      <Switch acted={acted} />
      {mayManage && (
        <form onSubmit={invite}>
          <label className="field">
            <span>{said.email}</span>
            <input name="email" type="email" required maxLength={128} />
          </label>
          <label className="field">
            <span>{said.role}</span>
            <select name="role">
              {roles.map((role) => (
                <option key={role} value={role}>
                  {said.roleTells[role]}
                </option>
              ))}
            </select>
          </label>
          <button className="button quiet" disabled={doing.busy}>
            {said.invite}
          </button>
        </form>
      )}
      <Trouble problem={doing.problem ?? team.problem} />
      {invited && <Notice tone="good">{said.invited(invited)}</Notice>}
      {!team.value && !team.problem && <Lines count={1} />}
      <ul className="list">
        {team.value?.members.map((member) => (
          <Line
            key={member.userId}
            member={member}
            roles={mayManage && member.since && roles.includes(member.role) ? roles : []}
            busy={doing.busy}
            then={then}
          />
        ))}
        {team.value?.invitations.map((one) => (
          <li key={one.invitationId}>
            <div className="what">
              <span className="file-name">{one.email}</span>
              <span className="fine">
                {said.roles[one.role]} · {said.waiting(one.expiresAt)}
              </span>
            </div>
            {mayManage && roles.includes(one.role) && (
              <button type="button" className="button quiet small" disabled={doing.busy} aria-label={said.withdrawName(one.email)} onClick={() => withdraw(one.invitationId)}>
                {said.withdraw}
              </button>
            )}
          </li>
        ))}
      </ul>
      {mayManage && <Activity />}
      {acted && (
        <>
          <button type="button" className="button quiet" disabled={doing.busy} onClick={() => leaving.current?.showModal()}>
            {said.leave}
          </button>
          <Sure ref={leaving} asks={said.sureLeave(acted.owner ?? "")} yes={said.leave} no={words.cancel} onYes={leave} />
        </>
      )}
    </div>
  )
}

/** Nothing to choose from for whoever is in no other team. */
function Switch({ acted }: { acted: Workspace | null }) {
  const said = useTeamWords()
  const mine = useAsk("workspaces", () => answer(api.GET("/api/workspaces")))
  const found = mine.value?.workspaces ?? []
  if (found.length < 2) return null
  const choose = (chosen: string) => workspace.choose(found.slice(1).find((one) => one.workspaceId === chosen) ?? null)
  return (
    <label className="field">
      <span>{said.which}</span>
      <select value={acted?.workspaceId ?? found[0]!.workspaceId} onChange={(event) => choose(event.target.value)}>
        {found.map((one, index) => (
          <option key={one.workspaceId} value={one.workspaceId}>
            {index ? `${one.owner ?? ""} (${said.roles[one.role]})` : said.own}
          </option>
        ))}
      </select>
    </label>
  )
}

interface Doings {
  member: Member
  /** Those that may be given; none to whom nothing may be done. */
  roles: Role[]
  busy: boolean
  then: (what: () => Promise<unknown>) => void
}

function Line({ member, roles, busy, then }: Doings) {
  const { words } = useApp()
  const said = useTeamWords()
  const sure = useRef<HTMLDialogElement>(null)
  const email = member.email ?? member.userId
  const params = { path: { user_id: member.userId } }
  const give = (role: Role) => then(() => answer(api.PATCH("/api/team/members/{user_id}", { params, body: { role } })))
  const remove = () => then(() => answer(api.DELETE("/api/team/members/{user_id}", { params })))
  return (
    <li>
      <div className="what">
        <span className="file-name">{email}</span>
        {roles.length === 0 && <span className="fine">{said.roles[member.role]}</span>}
      </div>
      {roles.length > 0 && (
        <>
          <select aria-label={said.roleOf(email)} value={member.role} disabled={busy} onChange={(event) => give(event.target.value as Role)}>
            {roles.map((role) => (
              <option key={role} value={role}>
                {said.roles[role]}
              </option>
            ))}
          </select>
          <button type="button" className="button quiet small" disabled={busy} aria-label={said.removeName(email)} onClick={() => sure.current?.showModal()}>
            {said.remove}
          </button>
          <Sure ref={sure} asks={said.sure(email)} yes={said.remove} no={words.cancel} onYes={remove} />
        </>
      )}
    </li>
  )
}

/** The newest of this month, once somebody wants to see it. */
function Activity() {
  const { language } = useApp()
  const said = useTeamWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{said.activity}</summary>
      {isOpen && <Acts none={said.nothing} when={(at) => moment(at, language)} />}
    </details>
  )
}

function Acts({ none, when }: { none: string; when: (at: string) => string }) {
  const done = useAsk("activity", () => answer(api.GET("/api/team/activity")))
  if (done.problem) return <Trouble problem={done.problem} again={done.again} />
  if (!done.value) return <Lines count={1} />
  if (done.value.activity.length === 0) return <p className="fine">{none}</p>
  return (
    <ul className="list">
      {done.value.activity.map((act) => (
        <li key={`${act.at}${act.requestId}`}>
          <div className="what">
            <span className="file-name">{act.what}</span>
            <span className="fine">
              {act.email ?? act.member} · {when(act.at)} · {act.status ?? "?"}
            </span>
          </div>
        </li>
      ))}
    </ul>
  )
}
