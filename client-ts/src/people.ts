import { type Api, answer, type Session, type Tokens } from "./connection.ts"

/** Logs in and keeps the tokens in `session`, from where the API's calls take them. */
export async function logIn(api: Api, session: Session, email: string, password: string): Promise<void> {
  const { token, refreshToken }: Tokens = await answer(api.POST("/api/auth/login", { body: { email, password } }))
  session.put({ token, refreshToken })
}
