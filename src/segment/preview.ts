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
/** The share of them that is looked at first, and the time for all, in milliseconds. */
const fewFirst = 0.15
const timeForAll = 150
const shown = 20
/** Up to so many are counted one by one. */
const countedUpTo = 60_000
/** What was counted is good for so long. */
const keptFor = 60_000
const mostKept = 50

/** What is asked of whom; `first` is what was found already, to be added. */
interface Slice {
  readonly parties: number
  readonly only: Sql | null
  readonly first?: Asked
}

type Asked = SegmentPreview & { readonly inside: number }

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[]
}

const sizeKey = ({ kind, model }: PreviewQuestion): string => `${kind} ${model.version}`

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
    if (parties <= exactUpTo) return this.#ask(question, { parties, only: null })
    const estimate = await this.#estimate(question, parties)
    // Only now: the two would keep each other waiting.
    if (!kept || now - kept.at >= keptFor) this.#countInBackground(key, question, parties)
    return estimate
  }

  /** First a few; then as many more as there is time for, which what is on disk still takes. */
  async #estimate(question: PreviewQuestion, parties: number): Promise<SegmentPreview> {
    const began = performance.now()
    const most = needsHistory(question.condition.needs) ? sampledHistories : sampled
    const few = Math.ceil(most * fewFirst)
    const first = await this.#ask(question, {
      parties,
      only: sampleOf(question, parties, [0, few]),
    })
    const spent = performance.now() - began
    const more = Math.min(most - few, Math.floor(few * (timeForAll / spent - 1)))
    if (more < few) return first
    const rest = sampleOf(question, parties, [few, more])
    return this.#ask(question, { parties, only: rest, first })
  }

  #countInBackground(key: string, question: PreviewQuestion, parties: number): void {
    const kept: Kept = { at: question.now, preview: null }
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    for (const [old] of this.#kept) if (this.#kept.size > mostKept) this.#kept.delete(old)
    this.#ask(question, { parties, only: null }).then(
      (preview) => {
        kept.preview = preview
        this.#sizes.set(sizeKey(question), { at: question.now, parties: preview.parties })
      },
      (error: unknown) => {
        this.#kept.delete(key)
        this.#onError(error)
      },
    )
  }

  /** Counted where there are not many; else as the planner knows it, whose statistics are kept. */
  async #size(question: PreviewQuestion): Promise<number> {
    const { model, kind, now } = question
    const known = this.#sizes.get(sizeKey(question))
    if (known && now - known.at < keptFor) return known.parties
    const all = sql`from ${sql.table(relationshipTable(model.version))} where kind = ${kind}`
    const { rows: planned } = await sql<Explained>`explain (format json) select 1 ${all}`.execute(this.#db) // prettier-ignore
    let parties = planned[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0
    if (parties <= countedUpTo) {
      const { rows } = await sql<{ parties: number }>`
        select count(*)::int as parties from (select 1 ${all} limit ${countedUpTo}) as counted`.execute(this.#db) // prettier-ignore
      parties = rows[0]?.parties ?? 0
    }
    this.#sizes.set(sizeKey(question), { at: now, parties })
    return parties
  }

  async #ask(
    { condition, model, kind, now }: PreviewQuestion,
    { parties, only, first }: Slice,
  ): Promise<Asked> {
    const began = performance.now()
    const { rows } = await sql<{ looked: number; inside: number; sample: string[] | null }>`
      with v as materialized (${verdictsSql(condition, { model, kind, now, only })})
      select count(*)::int as looked, count(*) filter (where verdict > 0)::int as inside,
        (select array_agg(party_id::text) from (select party_id from v where verdict > 0 limit ${shown}) as s) as sample
      from v`.execute(this.#db)
    const [row] = rows
    const looked = (row?.looked ?? 0) + (first?.looked ?? 0)
    const inside = (row?.inside ?? 0) + (first?.inside ?? 0)
    const exact = only === null
    const total = exact ? looked : Math.max(parties, looked)
    const { low, high } = exact ? { low: 1, high: 1 } : wilson(inside, looked)
    const known = first?.sample ?? []
    const more = known.length < shown ? (row?.sample ?? []).slice(0, shown - known.length) : []
    return {
      ...{ kind, exact, final: exact, looked, parties: total, inside },
      count: exact ? inside : Math.round((inside / Math.max(1, looked)) * total),
      low: exact ? inside : Math.floor(low * total),
      high: exact ? inside : Math.ceil(high * total),
      sample: [...known, ...(await named(this.#db, more))],
      milliseconds: Math.round(performance.now() - began) + (first?.milliseconds ?? 0),
    }
  }
}

/** Which rows of the even sample: so many, after so many others. */
function sampleOf(
  { model, kind, text }: PreviewQuestion,
  parties: number,
  [after, wanted]: readonly [number, number],
): Sql {
  const from = startOf(text, sampled / parties)
  return sql`select party_id from ${sql.table(relationshipTable(model.version))}
    where kind = ${kind} and party_id >= ${from}::uuid
    order by party_id offset ${after} limit ${wanted}`
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
