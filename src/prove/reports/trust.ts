import { z } from 'zod'
import { kaplanMeier, survivalQuantile } from '../../math/kaplan-meier.ts'
import { clusteredMean } from '../../math/clustered-mean.ts'
import { dayMilliseconds } from '../../relationship/duration.ts'
import { trustPicture, type Incident, type TrustPicture } from '../../domain/reports/trust.ts'
import { defineReport, type ReportContext } from '../report.ts'
import { findIncidents, incidentOf } from './trust-incidents.ts'
import { ledgerBalance, ledgerLines } from './trust-ledger.ts'
import { answerRows, bandEnds, incidentDays, ledgerRows, waitRows, watchedDays, type LedgerRow } from './trust-queries.ts' // prettier-ignore
import { timeSteps } from './time-steps.ts'
import { trustTables } from './trust-tables.ts'

const parameters = z.object({
  by: z
    .enum(['because', 'kind', 'channel', 'source', 'topic'])
    .default('because')
    .describe('What deposits and withdrawals are broken down by.'),
})

export const trust = defineReport({
  id: 'trust',
  title: 'Deposits and withdrawals',
  about:
    'What filled and drained the trust account, what slow answers cost, and which days broke it.',
  parameters,
  picture: trustPicture,
  async draw(context, { by }) {
    const { scope, model } = context
    const steps = timeSteps(scope.period)
    const rows = await ledgerRows(context, steps, by)
    const [counted] = await context.rows<{ people: number }>(
      `select count() as people from ${scope.parties} where kind = 'person'`,
    )
    return {
      by,
      people: counted?.people ?? 0,
      steps: [...steps.at],
      stepDays: steps.days,
      ...ledgerBalance(model, rows, steps, scope.period.days),
      lines: ledgerLines(model, rows, by),
      answers: await answersOf(context),
      incidents: await incidentsOf(context, rows),
    }
  },
  tables: trustTables,
  notes: trustNotes,
})

const bandNames = ['within the hour', '1 to 8 hours', '8 to 24 hours', '1 to 2 days', '2 to 7 days', 'over a week'] // prettier-ignore

/** Tickets after which trust is watched; more would make the intervals narrower than anybody needs. */
const ticketsWatched = 10_000

async function answersOf(context: ReportContext): Promise<TrustPicture['answers']> {
  const waits = await waitRows(context)
  const tickets = waits.reduce((sum, row) => sum + row.tickets, 0)
  const none = { value: null, low: null, high: null }
  if (tickets === 0) return { tickets: 0, answered: 0, median: none, bands: [], open: 0 }
  const durations = new Float64Array(tickets)
  const happened = new Uint8Array(tickets)
  let place = 0
  for (const { minutes, answered, tickets: many } of waits) {
    durations.fill(minutes, place, place + many)
    happened.fill(answered ? 1 : 0, place, place + many)
    place += many
  }
  const { value, low, high } = survivalQuantile(kaplanMeier(durations, happened))
  const hours = (minutes: number | null): number | null => (minutes === null ? null : minutes / 60)
  const answered = happened.reduce((sum, one) => sum + one, 0)
  const oneIn = Math.max(1, Math.round(tickets / ticketsWatched))
  const rows = await answerRows(context, oneIn)
  return {
    ...{ tickets, answered, open: tickets - answered },
    median: { value: hours(value), low: hours(low), high: hours(high) },
    bands: bandNames.map((name, index) => {
      const row = rows.find(({ band }) => band === index)
      return {
        ...{ id: String(bandEnds[index] ?? 'more'), name, tickets: (row?.tickets ?? 0) * oneIn },
        after: row ? clusteredMean(row) : null,
        watched: row?.n ?? 0,
      }
    }),
  }
}

async function incidentsOf(
  context: ReportContext,
  rows: readonly LedgerRow[],
): Promise<Incident[]> {
  const days = rows
    .filter(({ what }) => what === 'day')
    .map(({ place, withdrawal_entry: entry, kind, withdrawals, withdrawalEntries }) => ({
      ...{ day: place, entry, kind },
      ...{ withdrawn: withdrawals, entries: withdrawalEntries },
    }))
  const first = days.reduce((least, { day }) => Math.min(least, day), Infinity)
  const end = context.scope.to / dayMilliseconds
  const { spans, usual } = findIncidents(days, Math.min(incidentDays, end - first))
  const found: Incident[] = []
  for (const span of spans) found.push(await incidentOf(context, span, usual))
  return found
}

function trustNotes({ incidents }: TrustPicture): string[] {
  return [
    'Points are the weights that the model gives each touchpoint; what is left has faded with the half-life of the measure, as on every statement of a person. Balances are added up over everybody.',
    `Answers: from a ticket to the next resolution for the same person, open tickets included (Kaplan and Meier 1958). Trust afterwards: points in the ${watchedDays} days after the answer, without those for answers, of tickets watched for as long; means with the error of a ratio over people (Cochran 1977). An association, not a proof of effect.`,
    `Incidents: days of the ${incidentDays} before the end of the period on which far more was lost than usual (8 robust standard deviations above the median day, and at least 3 % of all losses).`,
    ...(incidents.length > 0
      ? [
          'Recovered people were chosen by somebody; the difference in balance is what stands in the accounts, not what recovery alone would do.',
        ]
      : []),
  ]
}
