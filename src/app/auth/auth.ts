/** Signing in, put together: who may come in, and how they do. */
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Truth } from '../../store/truth.ts'
import { actorOfKey, apiKeyRoutes } from '../api-keys.ts'
import { publicUrlOf, type Config } from '../config.ts'
import { createAccounts } from './accounts.ts'
import { guardRoutes } from './guard.ts'
import { authRoutes, keepCookies, webHeaders } from './routes.ts'
import { sessionSecret } from './secret.ts'
import type { PictureKeys } from '../reports/picture-keys.ts'
import { hasUsers, issueWelcomeToken } from './welcome-link.ts'

export interface Auth {
  /** Shuts every route that does not declare itself open. */
  readonly guard: (app: FastifyInstance) => Promise<void>
  readonly routes: FastifyPluginAsync
  /**
   * A fresh one-time link to print, which ends the one before; null where somebody has an account
   * already (and it is not the demo). It begins with `address`, or else with the public URL.
   */
  readonly welcomeLink: (address?: string) => Promise<string | null>
}

export interface AuthParts {
  readonly config: Config
  readonly truth: Pick<Truth, 'db'>
  readonly demo?: boolean
  readonly pictureKeys?: PictureKeys
}

export function createAuth({ config, truth: { db }, demo = false, pictureKeys }: AuthParts): Auth {
  const publicUrl = publicUrlOf(config)
  const accounts = createAccounts({ db, secret: sessionSecret(config), publicUrl })
  return {
    guard: async (app) =>
      guardRoutes(app, {
        publicOrigin: new URL(publicUrl).origin,
        actorOfKey: (key) => actorOfKey(db, key),
        readerOfKey: (key) => pictureKeys?.actorOf(key) ?? null,
        actorOfSession: async (request, reply) => {
          const session = await accounts.session(webHeaders(request))
          if (session === null) return null
          keepCookies(reply, session.cookies)
          return { kind: 'user', id: session.user.id, name: session.user.name }
        },
      }),
    routes: async (app) => {
      authRoutes(app, { db, accounts, demo, pictureKeys })
      await app.register(apiKeyRoutes(db))
    },
    welcomeLink: async (address = publicUrl) => {
      if (!demo && (await hasUsers(db))) return null
      return `${address}/welcome?token=${await issueWelcomeToken(db, Date.now())}`
    },
  }
}
