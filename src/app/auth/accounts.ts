/**
 * People and their sessions, kept by better-auth. Its own HTTP handler is not mounted: the few
 * calls that the app needs are made by our routes, so that everything else it could do stays shut.
 */
import { betterAuth, type BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { RapportError } from '../../domain/error.ts'

const day = 24 * 60 * 60

export const passwordLength = { least: 8, most: 128 } as const

export interface AccountsOptions {
  readonly db: Kysely<unknown>
  readonly secret: string
  readonly publicUrl: string
}

/** A person as the app shows them. */
export interface User {
  readonly id: string
  readonly name: string
  readonly email: string
}

/** What a call wants the browser to keep. */
interface WithCookies {
  readonly cookies: readonly string[]
}

export interface Accounts {
  /** Null where the cookies hold no live session. */
  session(headers: Headers): Promise<({ readonly user: User } & WithCookies) | null>
  signIn(email: string, password: string, headers: Headers): Promise<{ user: User } & WithCookies>
  signOut(headers: Headers): Promise<WithCookies>
  /** A session for a person who proved themselves otherwise. */
  openSession(userId: string, headers: Headers): Promise<WithCookies>
  hashPassword(password: string): Promise<string>
}

export function createAccounts(options: AccountsOptions): Accounts {
  const auth = configure(options)
  return {
    async session(headers) {
      const { response, headers: sent } = await auth.api.getSession({
        headers,
        returnHeaders: true,
      })
      return response && { user: userOf(response.user), cookies: sent.getSetCookie() }
    },
    async signIn(email, password, headers) {
      try {
        const body = { email, password }
        const answer = await auth.api.signInEmail({ body, headers, returnHeaders: true })
        return { user: userOf(answer.response.user), cookies: answer.headers.getSetCookie() }
      } catch (error) {
        // Wrong password, unknown address and malformed address must look the same.
        if (error instanceof APIError && error.statusCode < 500)
          throw new RapportError('sign_in_failed')
        throw error
      }
    },
    async signOut(headers) {
      const answer = await auth.api.signOut({ headers, returnHeaders: true })
      return { cookies: answer.headers.getSetCookie() }
    },
    async openSession(userId, headers) {
      const answer = await auth.api.openSession({ body: { userId }, headers, returnHeaders: true })
      return { cookies: answer.headers.getSetCookie() }
    },
    hashPassword: async (password) => (await auth.$context).password.hash(password),
  }
}

function configure({ db, secret, publicUrl }: AccountsOptions) {
  const secure = publicUrl.startsWith('https://')
  return betterAuth({
    appName: 'Rapport',
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret,
    database: { db, type: 'postgres', schemaName: 'auth' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.least,
      maxPasswordLength: passwordLength.most,
    },
    // A session that is not used for a month ends.
    session: { expiresIn: 30 * day, updateAge: day },
    // Ours counts before a request comes here (see routes.ts).
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      database: { generateId: 'uuid' },
      ipAddress: { disableIpTracking: true },
      // The `__Host-` prefix ties a cookie to exactly this host, over HTTPS only; browsers refuse it
      // on http://localhost, where the plain name is used.
      useSecureCookies: false,
      cookies: { session_token: { name: secure ? '__Host-rapport-session' : 'rapport-session' } },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure },
    },
    plugins: [openSessionPlugin],
  })
}

const openSessionPlugin = {
  id: 'open-session',
  endpoints: {
    // Without a path it has no address and can be called from here only.
    openSession: createAuthEndpoint(
      { method: 'POST', body: z.object({ userId: z.uuid() }), requireHeaders: true },
      async (context) => {
        const { internalAdapter } = context.context
        const user = await internalAdapter.findUserById(context.body.userId)
        if (!user) throw new RapportError('not_found')
        const session = await internalAdapter.createSession(user.id)
        await setSessionCookie(context, { session, user })
        return context.json({ ok: true })
      },
    ),
  },
} satisfies BetterAuthPlugin

function userOf({ id, name, email }: User): User {
  return { id, name, email }
}
