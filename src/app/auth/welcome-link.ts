/**
 * The one-time link that is printed at the start: with it the first admin makes their account, and
 * in the demo it signs in directly. Only its hash is stored; opening it changes nothing, so that a
 * preview or a scanner does not use it up; one redemption deletes it, whoever else tries at once.
 */
import { hash, randomBytes } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import { RapportError } from '../../domain/error.ts'

const lifetimeMs = 24 * 60 * 60 * 1000
const identifier = 'welcome-link'

export interface NewAdmin {
  readonly name: string
  readonly email: string
  readonly passwordHash: string
}

export async function hasUsers(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from auth."user") as some
  `.execute(db)
  return rows[0]?.some === true
}

/** Makes a new link, and with that ends the one before. Returns its token, which is known only now. */
export async function issueWelcomeToken(db: Kysely<unknown>, now: number): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db.transaction().execute(async (transaction) => {
    await sql`delete from auth.verification where identifier = ${identifier}`.execute(transaction)
    await sql`
      insert into auth.verification (identifier, value, "expiresAt")
      values (${identifier}, ${hash('sha256', token, 'hex')}, ${new Date(now + lifetimeMs)})
    `.execute(transaction)
  })
  return token
}

export async function isWelcomeTokenLive(
  db: Kysely<unknown>,
  token: string,
  now: number,
): Promise<boolean> {
  const { rows } = await sql`
    select from auth.verification
    where identifier = ${identifier} and value = ${hash('sha256', token, 'hex')}
      and "expiresAt" > ${new Date(now)}
  `.execute(db)
  return rows.length > 0
}

/** Uses the link up and makes the first account, both or neither. Returns the user's id. */
export function redeemForFirstAdmin(
  db: Kysely<unknown>,
  { token, admin, now }: { token: string; admin: NewAdmin; now: number },
): Promise<string> {
  return db.transaction().execute(async (transaction) => {
    await useUp(transaction, token, now)
    if (await hasUsers(transaction)) throw new RapportError('link_expired')
    const userId = await insertUser(transaction, admin.name, admin.email)
    await sql`
      insert into auth.account ("accountId", "providerId", "userId", password, "updatedAt")
      values (${userId}, 'credential', ${userId}, ${admin.passwordHash}, now())
    `.execute(transaction)
    return userId
  })
}

/** Uses the link up for the demo's admin, who has no password. Returns the user's id. */
export function redeemForDemo(
  db: Kysely<unknown>,
  { token, now }: { token: string; now: number },
): Promise<string> {
  return db.transaction().execute(async (transaction) => {
    await useUp(transaction, token, now)
    return insertUser(transaction, 'Demo admin', 'demo@example.com')
  })
}

/** Deleting is the test: of any number of transactions at once, one finds the row. */
async function useUp(db: Kysely<unknown>, token: string, now: number): Promise<void> {
  const { rows } = await sql`
    delete from auth.verification
    where identifier = ${identifier} and value = ${hash('sha256', token, 'hex')}
      and "expiresAt" > ${new Date(now)}
    returning id
  `.execute(db)
  if (rows.length !== 1) throw new RapportError('link_expired')
}

async function insertUser(db: Kysely<unknown>, name: string, email: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into auth."user" (name, email, "emailVerified")
    values (${name}, ${email.toLowerCase()}, true)
    on conflict (email) do update set "updatedAt" = now()
    returning id
  `.execute(db)
  const row = rows[0]
  if (!row) throw new RapportError('internal')
  return row.id
}
