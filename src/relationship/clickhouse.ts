/** Replay in ClickHouse: the whole history of each subject folded in one GROUP BY. */
import type { CompiledMeasure } from './measure-table.ts'
import type { CompiledModel } from './compile-model.ts'
import type { CompiledEntry } from './entry.ts'

/**
 * A query over the copied log (columns as in PostgreSQL; `occurred_at` in milliseconds, `bot` as
 * Bool, `properties` and `context` as JSON text) that gives one row a subject: `subject_id`
 * and every column of the relationship table that any touchpoint filled.
 *
 * @param now  milliseconds since 1970; the reference time of decayed sums (see `decayed-sum.ts`)
 */
export function replaySql(model: CompiledModel, from: string, now: number): string {
  const matched = model.measures.map(
    (measure) => `${matchSql(measure.entries)} as match${measure.index}`,
  )
  const columns = model.measures.flatMap((measure) => {
    const expressions = measure.aggregate.clickhouse({
      when: `match${measure.index} > 0`,
      at: 'occurred_at',
      id: 'id',
      amount: pick(measure, ({ clickhouse }) => clickhouse.amount, '0.'),
      text: pick(measure, ({ clickhouse }) => clickhouse.text, "''"),
      now,
    })
    return measure.columns.map((column, i) => `${expressions[i]} as ${column}`)
  })
  return `select subject_id,
  ${columns.join(',\n  ')}
from (select *,
  ${matched.join(',\n  ')}
  from (select *${readable([...matched, ...columns].join())} from ${from} where not bot))
group by subject_id`
}

/**
 * ClickHouse cannot read any field of a document in which a whole number exceeds 64 bits, as a
 * client may send. Written with a decimal point it can, and reads the same double as JSON.parse.
 * Only for columns that the query looks into: the check costs as much as reading one field.
 */
function readable(query: string): string {
  const columns = ['properties', 'context'].filter((column) => query.includes(`(${column}, `))
  if (columns.length === 0) return ''
  const replaced = columns.map((column) => {
    const mended = `replaceRegexpAll(${column}, '([\\\\[:,]-?[0-9]{19,})', '\\\\1.0')`
    return `if(isValidJSON(${column}), ${column}, ${mended}) as ${column}`
  })
  return ` replace (${replaced.join(', ')})`
}

/** Number (from 1) of the first entry that matches, 0 where none does: as the fold counts. */
function matchSql(entries: readonly CompiledEntry[]): string {
  const branches = entries.map(({ clickhouse }, i) => `${clickhouse.when}, ${i + 1}`)
  return `multiIf(${branches.join(', ')}, 0)`
}

function pick(
  measure: CompiledMeasure,
  read: (entry: CompiledEntry) => string,
  otherwise: string,
): string {
  const values = measure.entries.map(read)
  if (new Set(values).size === 1) return values[0] as string
  const branches = values.map((value, i) => `match${measure.index} = ${i + 1}, ${value}`)
  return `multiIf(${branches.join(', ')}, ${otherwise})`
}
