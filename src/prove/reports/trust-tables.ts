import type { Incident, TrustPicture } from '../../domain/reports/trust.ts'
import type { ReportTable } from '../../domain/report-view.ts'

type Column = ReportTable['columns'][number]
const column = (id: string, name: string, unit: Column['unit']): Column => ({ id, name, unit })

export function trustTables(picture: TrustPicture): ReportTable[] {
  return [linesTable(picture), timeTable(picture), answersTable(picture), incidentsTable(picture)]
}

const linesTable = ({ lines, by }: TrustPicture): ReportTable => ({
  id: 'lines',
  title: 'Deposits and withdrawals',
  columns: [
    column('id', { because: 'Reason', kind: 'Kind', channel: 'Channel', source: 'Source', topic: 'Topic' }[by], 'text'), // prettier-ignore
    column('deposits', 'Deposits', 'number'),
    column('deposit_entries', 'Times', 'count'),
    column('deposits_left', 'Deposits left', 'number'),
    column('withdrawals', 'Withdrawals', 'number'),
    column('withdrawal_entries', 'Times', 'count'),
    column('withdrawals_left', 'Withdrawals left', 'number'),
  ],
  rows: lines.map((line) => [
    ...[line.id, line.deposits, line.depositEntries, line.depositsLeft],
    ...[line.withdrawals, line.withdrawalEntries, line.withdrawalsLeft],
  ]),
})

const timeTable = ({ steps, deposits, withdrawals, balance }: TrustPicture): ReportTable => ({
  id: 'time',
  title: 'The account over time',
  columns: [
    column('from', 'From', 'day'),
    column('deposits', 'Deposits', 'number'),
    column('withdrawals', 'Withdrawals', 'number'),
    column('balance', 'Balance at the end', 'number'),
  ],
  rows: steps.map((from, i) => [from, deposits[i] ?? 0, withdrawals[i] ?? 0, balance[i] ?? 0]),
})

const answersTable = ({ answers }: TrustPicture): ReportTable => ({
  id: 'answers',
  title: 'Time to answer and trust after it',
  columns: [
    column('band', 'Answered', 'text'),
    column('tickets', 'Tickets', 'count'),
    column('after', 'Points in the 30 days after', 'number'),
    column('after_low', 'from', 'number'),
    column('after_high', 'to', 'number'),
    column('watched', 'Tickets watched', 'count'),
  ],
  rows: [
    ...answers.bands.map(({ name, tickets, after, watched }) => [
      ...[name, tickets],
      ...[after?.value ?? null, after?.low ?? null, after?.high ?? null, watched],
    ]),
    ['not yet', answers.open, null, null, null, null],
  ],
})

const incidentsTable = ({ incidents }: TrustPicture): ReportTable => ({
  id: 'incidents',
  title: 'Incidents',
  columns: [
    column('from', 'From', 'day'),
    column('to', 'To', 'day'),
    column('because', 'Reason', 'text'),
    column('people', 'People', 'count'),
    column('withdrawn', 'Points lost', 'number'),
    column('times_usual', 'Times a usual day', 'number'),
    column('who', 'Who', 'text'),
    column('how_many', 'How many', 'count'),
    column('before', 'Balance before', 'number'),
    column('after', 'after', 'number'),
    column('end', 'at the end', 'number'),
    column('end_low', 'from', 'number'),
    column('end_high', 'to', 'number'),
    column('returned', 'Points given back', 'number'),
  ],
  rows: incidents.flatMap((incident) => [
    incidentRow(incident, 'recovered'),
    incidentRow(incident, 'notRecovered'),
  ]),
})

function incidentRow(
  incident: Incident,
  who: 'recovered' | 'notRecovered',
): ReportTable['rows'][number] {
  const { people, before, after, end } = incident[who]
  return [
    ...[incident.from, incident.to, incident.because, incident.people, incident.withdrawn],
    ...[incident.timesUsual, who === 'recovered' ? 'recovered' : 'not recovered', people],
    ...[before?.value ?? null, after?.value ?? null],
    ...[end?.value ?? null, end?.low ?? null, end?.high ?? null],
    who === 'recovered' ? incident.returned : 0,
  ]
}
