/** The model in force: read from the store, compiled once a version and kept. */
import { sql } from 'kysely'
import { RapportError } from '../domain/error.ts'
import { compileModel } from '../relationship/compile-model.ts'
import { loadModel, parseModel } from '../relationship/parse-model.ts'
import { relationshipDdl } from '../relationship/postgres.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { Kysely } from 'kysely'

export interface ServingModel {
  readonly version: number
  readonly compiled: CompiledModel
}

export interface Situation {
  readonly model: ServingModel
  /** Stands still as long as no identifier changes its party. */
  readonly identityEpoch: string
  /** Whether anybody belongs to an account. */
  readonly hasAccounts: boolean
  /** Stands still as long as no segment in force changes. */
  readonly segmentEpoch: string
}

export interface ModelRow {
  readonly version: number
  readonly yaml: string
  readonly createdBy: string
  readonly appliedAt: Date | null
}

/** Compiled versions; a model never changes once it has a version. */
export class ModelCache {
  readonly #compiled = new Map<number, CompiledModel>()

  /** The serving model, as the transaction sees it. Costs one small query. */
  async serving(db: Kysely<unknown>): Promise<ServingModel> {
    return (await this.situation(db)).model
  }

  /** The same query, with what else a batch needs to know before it begins. */
  async situation(db: Kysely<unknown>): Promise<Situation> {
    const { rows } = await sql<Omit<Situation, 'model'> & { version: number }>`
      select version, (select epoch::text from identity_epoch) as "identityEpoch",
        (select epoch::text from segment_epoch) as "segmentEpoch",
        exists (select 1 from membership) as "hasAccounts"
      from model where state = 'serving'`.execute(db)
    const [row] = rows
    if (row === undefined) throw new RapportError('startup_failed', 'There is no model yet.')
    const { version, ...rest } = row
    const compiled = this.#compiled.get(version) ?? (await this.#load(db, version))
    return { model: { version, compiled }, ...rest }
  }

  async #load(db: Kysely<unknown>, version: number): Promise<CompiledModel> {
    const { rows } = await sql<{ yaml: string }>`
      select yaml from model where version = ${version}`.execute(db)
    const parsed = parseModel(rows[0]?.yaml ?? '')
    if (!parsed.ok) throw new RapportError('invalid_model', parsed.faults[0]?.message)
    const compiled = compileModel(parsed.model)
    this.#compiled.set(version, compiled)
    return compiled
  }
}

/** The serving model's text, for showing and comparing. Null before the first start. */
export async function servingModelRow(db: Kysely<unknown>): Promise<ModelRow | null> {
  const { rows } = await sql<ModelRow>`
    select version, yaml, created_by as "createdBy", applied_at as "appliedAt"
    from model where state = 'serving'`.execute(db)
  return rows[0] ?? null
}

/** Stores the first model and makes its empty table, where there is none yet. */
export async function ensureFirstModel(
  db: Kysely<unknown>,
  yaml: string,
  by: string,
): Promise<void> {
  const compiled = loadModel(yaml)
  await db.transaction().execute(async (transaction) => {
    await sql`lock table model in exclusive mode`.execute(transaction)
    if (await servingModelRow(transaction)) return
    const { rows } = await sql<{ version: number }>`
      insert into model (yaml, state, created_by, applied_at) values (${yaml}, 'serving', ${by}, now())
      returning version`.execute(transaction)
    for (const statement of relationshipDdl(compiled, rows[0]?.version ?? 0)) {
      await sql.raw(statement).execute(transaction)
    }
  })
}
