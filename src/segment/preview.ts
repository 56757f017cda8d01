/**
 * How many a tree would hold, before it is saved: exact where everybody is looked at soon enough, else
 * estimated from an even sample while the exact count is made in the background.
 */
import { sql } from 'kysely'
import { needsHistory } from './needs.ts'
import { relationshipTable } from '../relationship/postgres.ts'
import { verdictsSql } from './everybody.ts'
import type { Kysely } from 'kysely'
import type { ModelInForce } from './catalogue.ts'
import type { PartyKind } from '../domain/view.ts'
import type { SegmentCondition } from './node.ts'
import type { SegmentPreview } from '../domain/segment-view.ts'
import type { Sql } from './comparison.ts'

export interface PreviewQuestion {
  readonly model: ModelInForce
  readonly kind: PartyKind
  readonly condition: SegmentCondition
  /** The tree as text: the same text is the same question. */
  readonly text: string
  readonly now: number
}

/** Up to so many, everybody is looked at at once. */
const exactUpTo = 15_000
const sampled = 10_000
/** A history costs a look at the log for each. */
const sampledHistories = 3_000
const shown = 20
/** What was counted is good for so long. */
const keptFor = 60_000
const mostKept = 50

interface Kept {
  readonly at: number
  preview: SegmentPreview | null
}

export class Previews {
  readonly #db: Kysely<unknown>
  readonly #onError: (error: unknown) => void
  readonly #kept = new Map<string, Kept>()
  readonly #sizes = new Map<string, { readonly at: number; readonly parties: number }>()

  constructor(db: Kysely<unknown>, onError: (error: unknown) => void) {
    this.#db = db
    this.#onError = onError
  }

  async preview(question: PreviewQuestion): Promise<SegmentPreview> {
    const { kind, model, text, now } = question
    const key = `${kind} ${model.version} ${text}`
    const kept = this.#kept.get(key)
    if (kept && now - kept.at < keptFor && kept.preview) return kept.preview
    const parties = await this.#size(question)
    if (parties <= exactUpTo) return this.#ask(question, parties, null)
    const wanted = needsHistory(question.condition.needs) ? sampledHistories : sampled
    const from = startOf(text, wanted / parties)
    const estimate = await this.#ask(
      question,
      parties,
      sql`select party_id from ${sql.table(relationshipTable(model.version))}
        where kind = ${kind} and party_id >= ${from}::uuid order by party_id limit ${wanted}`,
    )
    // Only now: the two would keep each other waiting.
    if (!kept || now - kept.at >= keptFor) this.#countInBackground(key, question, parties)
    return estimate
  }

  #countInBackground(key: string, question: PreviewQuestion, parties: number): void {
    const kept: Kept = { at: question.now, preview: null }
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    for (const [old] of this.#kept) if (this.#kept.size > mostKept) this.#kept.delete(old)
    this.#ask(question, parties, null).then(
      (preview) => (kept.preview = preview),
      (error: unknown) => {
        this.#kept.delete(key)
        this.#onError(error)
      },
    )
  }

  async #size({ model, kind, now }: PreviewQuestion): Promise<number> {
    const key = `${kind} ${model.version}`
    const known = this.#sizes.get(key)
    if (known && now - known.at < keptFor) return known.parties
    const { rows } = await sql<{ parties: number }>`
      select count(*)::int as parties from ${sql.table(relationshipTable(model.version))}
      where kind = ${kind}`.execute(this.#db)
    const parties = rows[0]?.parties ?? 0
    this.#sizes.set(key, { at: now, parties })
    return parties
  }

  async #ask(
    { condition, model, kind, now }: PreviewQuestion,
    parties: number,
    only: Sql | null,
  ): Promise<SegmentPreview> {
    const began = performance.now()
    const { rows } = await sql<{ looked: number; inside: number; sample: string[] | null }>`
      with v as materialized (${verdictsSql(condition, { model, kind, now, only })})
      select count(*)::int as looked, count(*) filter (where verdict > 0)::int as inside,
        (select array_agg(party_id::text) from (select party_id from v where verdict > 0 limit ${shown}) as s) as sample
      from v`.execute(this.#db)
    const { looked = 0, inside = 0, sample = null } = rows[0] ?? {}
    const exact = only === null
    const total = exact ? looked : Math.max(parties, looked)
    const { low, high } = exact ? { low: 1, high: 1 } : wilson(inside, looked)
    return {
      ...{ kind, exact, final: exact, looked, parties: total },
      count: exact ? inside : Math.round((inside / Math.max(1, looked)) * total),
      low: exact ? inside : Math.floor(low * total),
      high: exact ? inside : Math.ceil(high * total),
      sample: await named(this.#db, sample ?? []),
      milliseconds: Math.round(performance.now() - began),
    }
  }
}

/** Ids of parties are random, so those that follow any id are an even sample: here from one the text says. */
function startOf(text: string, share: number): string {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0
  const most = Math.max(0, Math.floor((1 - Math.min(1, share * 1.2)) * 0xffff_ffff))
  const first = most === 0 ? 0 : hash % most
  return `${first.toString(16).padStart(8, '0')}-0000-0000-0000-000000000000`
}

/** The 95 % interval of a share (Wilson, JASA 1927). */
export function wilson(hits: number, of: number): { low: number; high: number } {
  if (of === 0) return { low: 0, high: 1 }
  const z = 1.959963984540054
  const share = hits / of
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half =
    (z / (1 + (z * z) / of)) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

async function named(
  db: Kysely<unknown>,
  partyIds: readonly string[],
): Promise<SegmentPreview['sample']> {
  if (partyIds.length === 0) return []
  const { rows } = await sql<SegmentPreview['sample'][number]>`
    select id, kind, display_name as "displayName" from party where id = any(${partyIds}::uuid[])
    order by display_name, id`.execute(db)
  return rows
}
