// Who calls the API, by the environment: LUMIKU_API_URL with LUMIKU_API_KEY (then that of
// the API for keys), or with LUMIKU_EMAIL and LUMIKU_PASSWORD.
import { type Api, connect, logIn, type Session, type Tokens } from "lumiku-client"

export async function loggedIn(): Promise<Api> {
  const { LUMIKU_API_KEY: apiKey } = process.env
  const { LUMIKU_API_URL: baseUrl, LUMIKU_EMAIL: email, LUMIKU_PASSWORD: password } = process.env
  if (baseUrl && apiKey) return connect({ baseUrl, apiKey })
  if (!baseUrl || !email || !password) throw new Error("Set LUMIKU_API_URL, LUMIKU_EMAIL and LUMIKU_PASSWORD.")
  let kept: Tokens | null = null
  const session: Session = { get: () => kept, put: (tokens) => void (kept = tokens) }
  const api = connect({ baseUrl, session })
  await logIn(api, session, email, password)
  return api
}
