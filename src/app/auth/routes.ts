import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { RapportError } from '../../domain/error.ts'
import { passwordLength, type Accounts } from './accounts.ts'
import type { PictureKeys } from '../reports/picture-keys.ts'
import { bearerOf } from './guard.ts'
import { hasUsers, isWelcomeTokenLive, redeemForDemo, redeemForFirstAdmin } from './welcome-link.ts'

export interface AuthRouteParts {
  readonly db: Kysely<unknown>
  readonly accounts: Accounts
  /** In the demo the link signs in; otherwise it makes the first account. */
  readonly demo: boolean
  readonly pictureKeys?: PictureKeys | undefined
}

const user = z.object({ id: z.uuid(), name: z.string(), email: z.string() })
const signedIn = z.object({ user })
const email = z.email().max(254)
const token = z.string().min(1).max(200)
const newAdmin = z.strictObject({
  token,
  name: z.string().trim().min(1).max(100),
  email,
  password: z.string().min(passwordLength.least).max(passwordLength.most),
})
export type NewAdminRequest = z.infer<typeof newAdmin>

const minute = 60_000
const visitor = { access: 'visitor' } as const
/** By address: enough for a household behind one router, too few to guess. */
const fewTries = { access: 'visitor', rateLimit: { max: 20, timeWindow: minute } } as const

/** What Fastify got, as the web's own `Headers`: only what better-auth needs. */
export function webHeaders(request: FastifyRequest): Headers {
  const { cookie, 'user-agent': userAgent } = request.headers
  return new Headers({
    ...(cookie === undefined ? {} : { cookie }),
    // A page of text is no browser's name; it is kept with the session, so it is cut.
    ...(userAgent === undefined ? {} : { 'user-agent': userAgent.slice(0, 300) }),
  })
}

export function keepCookies(reply: FastifyReply, cookies: readonly string[]): void {
  if (cookies.length > 0) reply.header('set-cookie', [...cookies])
}

export function authRoutes(app: FastifyInstance, parts: AuthRouteParts): void {
  sessionRoutes(app, parts)
  welcomeRoutes(app, parts)
}

function sessionRoutes(app: FastifyInstance, parts: AuthRouteParts): void {
  const { accounts } = parts
  const routes = app.withTypeProvider<ZodTypeProvider>()
  // By account, from wherever the tries come: 20 in a quarter of an hour.
  const triesForAccount = app.createRateLimit({
    max: 20,
    timeWindow: 15 * minute,
    keyGenerator: (request) =>
      hash('sha256', String((request.body as { email: string }).email).toLowerCase()),
  })

  routes.route({
    method: 'GET',
    url: '/api/session',
    config: visitor,
    schema: {
      tags: ['Session'],
      summary: 'Who is signed in, and whether anybody ever was',
      response: { 200: z.object({ user: user.nullable(), firstRun: z.boolean() }) },
    },
    handler: (request, reply) => whoIs(parts, request, reply),
  })

  routes.route({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    config: { ...fewTries, signsIn: true },
    schema: {
      tags: ['Session'],
      summary: 'Sign in with e-mail and password',
      body: z.strictObject({
        email: z.string().min(1).max(254),
        password: z.string().min(1).max(1000),
      }),
      response: { 200: signedIn },
    },
    preHandler: async (request) => {
      const tries = await triesForAccount(request)
      if (!tries.isAllowed && tries.isExceeded) {
        throw new RapportError('too_many_requests', undefined, {
          retryAfterSeconds: tries.ttlInSeconds,
        })
      }
    },
    handler: async (request, reply) => {
      const { email: address, password } = request.body
      const answer = await accounts.signIn(address, password, webHeaders(request))
      keepCookies(reply, answer.cookies)
      return { user: answer.user }
    },
  })

  routes.route({
    method: 'POST',
    url: '/api/auth/sign-out',
    config: visitor,
    schema: {
      tags: ['Session'],
      summary: 'End the session',
      response: { 200: z.object({ user: z.null() }) },
    },
    handler: async (request, reply) => {
      keepCookies(reply, (await accounts.signOut(webHeaders(request))).cookies)
      return { user: null }
    },
  })
}

type Who = { readonly user: z.infer<typeof user> | null; readonly firstRun: boolean }

async function whoIs(
  { db, accounts, pictureKeys }: AuthRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Who> {
  // A picture is taken as somebody who is not signed in just there.
  const key = bearerOf(request.headers.authorization)
  const reader = key === null ? null : (pictureKeys?.actorOf(key) ?? null)
  if (reader !== null) {
    return { user: { id: reader.id, name: reader.name, email: '' }, firstRun: false }
  }
  const session = await accounts.session(webHeaders(request))
  if (session === null) return { user: null, firstRun: !(await hasUsers(db)) }
  keepCookies(reply, session.cookies)
  return { user: session.user, firstRun: false }
}

function welcomeRoutes(app: FastifyInstance, { db, accounts, demo }: AuthRouteParts): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.route({
    method: 'GET',
    url: '/api/auth/welcome',
    config: fewTries,
    schema: {
      tags: ['Session'],
      summary: 'Is a printed link still good, and what does it ask for? Does not use it up',
      querystring: z.object({ token }),
      response: {
        200: z.object({ valid: z.boolean(), asks: z.enum(['account', 'confirmation']) }),
      },
    },
    handler: async (request) => ({
      valid: await isWelcomeTokenLive(db, request.query.token, Date.now()),
      asks: demo ? ('confirmation' as const) : ('account' as const),
    }),
  })

  routes.route({
    method: 'POST',
    url: '/api/auth/welcome',
    config: fewTries,
    schema: {
      tags: ['Session'],
      summary: 'Redeem a printed link, once: make the first account, or confirm in the demo',
      body: demo ? z.object({ token }) : newAdmin,
      response: { 200: signedIn },
    },
    handler: async (request, reply) => {
      const userId = demo
        ? await redeemForDemo(db, { token: request.body.token, now: Date.now() })
        : await makeFirstAdmin(request.body as NewAdminRequest, { db, accounts })
      const headers = webHeaders(request)
      const { cookies } = await accounts.openSession(userId, headers)
      keepCookies(reply, cookies)
      headers.set('cookie', cookies.map((cookie) => cookie.split(';', 1)[0]).join('; '))
      const session = await accounts.session(headers)
      if (session === null) throw new RapportError('internal')
      return { user: session.user }
    },
  })
}

async function makeFirstAdmin(
  asked: NewAdminRequest,
  { db, accounts }: Pick<AuthRouteParts, 'db' | 'accounts'>,
): Promise<string> {
  const now = Date.now()
  // Hashing costs 50 ms of work on purpose; a bad token must not buy it.
  if (!(await isWelcomeTokenLive(db, asked.token, now))) throw new RapportError('link_expired')
  const passwordHash = await accounts.hashPassword(asked.password)
  const admin = { name: asked.name, email: asked.email, passwordHash }
  return redeemForFirstAdmin(db, { token: asked.token, admin, now })
}
