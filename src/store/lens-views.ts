/** What queries read of the lens: views over its tables, and over the files of months that were put away. */
import { clusterClause, touchpointColumns } from './lens-shape.ts'
import type { LensEngine } from './lens-shape.ts'

/** Files of months that are no longer in the table. */
export interface ArchivedMonth {
  /** `202403` */
  readonly month: number
  /** Touchpoints of the month up to this batch are in the file; what came later is in the table. */
  readonly lastBatch: number
  /** Absolute path. */
  readonly file: string
}

const quoted = (text: string): string => text.replaceAll(/['\\]/g, String.raw`\$&`)

/** Every touchpoint that the lens was given, wherever it lies. */
function storedView(archived: readonly ArchivedMonth[]): string {
  const columns = touchpointColumns.map(([name]) => name).join(', ')
  const structure = touchpointColumns.map(([name, type]) => `${name} ${type}`).join(', ')
  const inFiles = archived.map(({ month, lastBatch }) => `(${Math.trunc(month)}, ${Math.trunc(lastBatch)})`) // prettier-ignore
  const still =
    inFiles.length === 0
      ? ''
      : `\nwhere not arrayExists(x -> x.1 = toYYYYMM(occurred_at) and x.2 >= batch, [${inFiles.join(', ')}])`
  // One call for all files would be shorter; but the set of files must be the one that is told here.
  const files = archived.map(
    ({ file }) =>
      `union all select ${columns} from file('${quoted(file)}', 'Parquet', '${quoted(structure)}')`,
  )
  return [`select ${columns} from touchpoint${still}`, ...files].join('\n')
}

/** Touchpoints of everybody but robots, each with the party that it belongs to now. */
const historyView = `select t.* except (party_id), if(a.moves = 0, t.party_id, a.moved_to) as party_id
from stored_touchpoint as t
left any join (select subject_id, argMax(party_id, version) as moved_to, count() as moves
  from alias group by subject_id) as a on a.subject_id = t.subject_id
where not t.bot`

/** The same while no identifier has moved since its touchpoints were copied. */
const settledView = `select * from stored_touchpoint where not bot`

const partiesView = `select * from party final where alive`

const movesView = `select party_id, kind, persona, persona_fit,
  at, what, from_value, to_value, direction
from parties
array join move_at as at, move_what as what, move_from as from_value, move_to as to_value,
  move_direction as direction`

export const lensViews = (archived: readonly ArchivedMonth[]) =>
  [
    ['stored_touchpoint', storedView(archived)],
    ['history', historyView],
    ['settled_history', settledView],
    ['parties', partiesView],
    ['moves', movesView],
  ] as const

/** The views alone: what is read while months go into files. */
export const lensViewDdl = (engine: LensEngine, archived: readonly ArchivedMonth[]): string[] =>
  lensViews(archived).map(
    ([name, query]) => `create or replace view ${name}${clusterClause(engine)} as\n${query}`,
  )
