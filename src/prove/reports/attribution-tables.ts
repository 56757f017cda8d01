/** The figures behind attribution: the ledger by channel and method, and the paths. */
import type { AttributionPicture } from '../../domain/reports/attribution.ts'
import type { ReportTable } from '../../domain/report-view.ts'

type Unit = ReportTable['columns'][number]['unit']
const column = (id: string, name: string, unit: Unit = 'number') => ({ id, name, unit })

export function attributionTables(picture: AttributionPicture): ReportTable[] {
  const opened = openedTable(picture)
  return [
    ledger(picture),
    reach(picture),
    pathTable('won', 'Paths to the outcome', picture.won),
    pathTable('lost', 'Paths of those who did not come to it', picture.lost),
    ...(opened ? [opened] : []),
  ]
}

/** One row a channel and method. The rows of each method add up to all outcomes. */
function ledger({ channels, methods, currency, totals }: AttributionPicture): ReportTable {
  const money = currency === '' ? {} : { currency }
  return {
    ...{ id: 'ledger', title: 'Credit by channel and method' },
    columns: [
      ...[column('channel', 'Channel', 'text'), column('method', 'Method', 'text')],
      ...[column('outcomes', 'Outcomes'), column('share', 'Of all', 'share')],
      ...[column('low', 'from'), column('high', 'to')],
      { ...column('value', 'Value', currency === '' ? 'number' : 'money'), ...money },
    ],
    rows: methods.flatMap((method, m) => [
      ...channels.map(({ name, credits }) => {
        const { outcomes = 0, low = null, high = null, value = 0 } = credits[m] ?? {}
        return [name, method, outcomes, shareOf(outcomes, totals.outcomes), low, high, value]
      }),
      restRow(method, { channels, totals }, m),
    ]),
  }
}

function restRow(
  method: string,
  { channels, totals }: Pick<AttributionPicture, 'channels' | 'totals'>,
  m: number,
): ReportTable['rows'][number] {
  const sum = (of: 'outcomes' | 'value'): number =>
    channels.reduce((all, { credits }) => all + (credits[m]?.[of] ?? 0), 0)
  // Rounding of sums is no rest.
  const rest = (total: number, credited: number): number =>
    Math.abs(total - credited) < 1e-6 * Math.max(1, total) ? 0 : total - credited
  const outcomes = rest(totals.outcomes, sum('outcomes'))
  const value = rest(totals.value, sum('value'))
  return ['Nobody', method, outcomes, shareOf(outcomes, totals.outcomes), null, null, value]
}

const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)

function reach({ channels }: AttributionPicture): ReportTable {
  return {
    ...{ id: 'reach', title: 'What became of those they touched' },
    columns: [
      ...[column('channel', 'Channel', 'text'), column('by', 'By', 'text')],
      ...[column('paid', 'Paid', 'text'), column('paths', 'Paths', 'count')],
      ...[column('reached', 'To the outcome', 'count'), column('rate', 'Share', 'share')],
      ...[column('low', 'from', 'share'), column('high', 'to', 'share')],
      column('removal_effect', 'Removal effect', 'share'),
    ],
    rows: channels.map(({ name, by, paid, paths, reached, rate, removalEffect }) => [
      ...[name, by, paid, paths, reached],
      ...[rate?.value ?? null, rate?.low ?? null, rate?.high ?? null, removalEffect],
    ]),
  }
}

function pathTable(id: string, title: string, paths: AttributionPicture['won']): ReportTable {
  return {
    ...{ id, title },
    columns: [
      ...[column('path', 'Path', 'text'), column('reached', 'To the outcome', 'count')],
      ...[column('others', 'To nothing', 'count'), column('rate', 'Share', 'share')],
      ...[column('low', 'from', 'share'), column('high', 'to', 'share')],
    ],
    rows: paths.map(({ steps, isCut, reached, others, rate }) => [
      `${steps.join(' > ')}${isCut ? ' (cut)' : ''}`,
      ...[reached, others, rate.value, rate.low, rate.high],
    ]),
  }
}

/** The ledger of one outcome: each method gives out all of it, and no more. */
function openedTable({ opened, methods }: AttributionPicture): ReportTable | null {
  if (opened === null) return null
  return {
    ...{ id: 'outcome', title: `The outcome of ${opened.name || opened.party}` },
    columns: [
      ...[column('at', 'At', 'time'), column('channel', 'Channel', 'text')],
      ...[column('kind', 'Kind', 'text'), column('touches', 'Touches', 'count')],
      ...methods.map((method) => column(method, method.replace('_', ' '), 'share')),
    ],
    rows: opened.touches.map(({ at, channel, kind, touches, credits }) => [
      ...[at, channel, kind, touches],
      ...credits.map((millionths) => millionths / 1_000_000),
    ]),
  }
}
