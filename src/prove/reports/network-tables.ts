/** The tables behind the network, and how it was made. */
import type { NetworkPicture } from '../../domain/reports/network.ts'
import type { ReportTable } from '../../domain/report-view.ts'

export function networkTables(picture: NetworkPicture): ReportTable[] {
  const money = { unit: 'money', ...(picture.currency && { currency: picture.currency }) } as const
  return [
    {
      id: 'leaders',
      title: 'Who brought others',
      columns: [
        { id: 'name', name: 'Name', unit: 'text' },
        { id: 'rung', name: 'Rung', unit: 'text' },
        { id: 'brought', name: 'Brought', unit: 'count' },
        { id: 'reach', name: 'All below', unit: 'count' },
        { id: 'depth', name: 'Generations below', unit: 'count' },
        { id: 'value', name: 'Paid by those below', ...money },
        { id: 'standing', name: 'Standing (PageRank)', unit: 'number' },
        { id: 'party_id', name: 'Id', unit: 'text' },
      ],
      rows: picture.leaders.map((one) => [
        ...[one.name, one.rung, one.brought, one.reach, one.depth],
        ...[one.valueMinor, one.standing, one.id],
      ]),
    },
    broughtTable(picture),
    {
      id: 'generations',
      title: 'Generations',
      columns: [
        { id: 'generation', name: 'Generation', unit: 'count' },
        { id: 'people', name: 'People', unit: 'count' },
        { id: 'value', name: 'Paid', ...money },
      ],
      rows: picture.generations.map((one) => [one.generation, one.people, one.valueMinor]),
    },
    {
      id: 'rungs',
      title: 'Who brings others, by rung',
      columns: [
        { id: 'rung', name: 'Rung', unit: 'text' },
        { id: 'people', name: 'People', unit: 'count' },
        { id: 'bringers', name: 'Brought somebody', unit: 'count' },
        { id: 'share', name: 'Share', unit: 'share' },
        { id: 'low', name: 'from', unit: 'share' },
        { id: 'high', name: 'to', unit: 'share' },
        { id: 'brought', name: 'People brought', unit: 'count' },
      ],
      rows: picture.rungs.map(({ name, people, bringers, share, brought }) => [
        ...[name, people, bringers, share.value, share.low, share.high, brought],
      ]),
    },
    ...growthTables(picture),
  ]
}

function broughtTable({ drawing }: NetworkPicture): ReportTable {
  return {
    id: 'brought',
    title: 'Who was brought by whom',
    columns: [
      { id: 'name', name: 'Name', unit: 'text' },
      { id: 'by', name: 'Brought by', unit: 'text' },
      { id: 'day', name: 'Came', unit: 'day' },
      { id: 'generation', name: 'Generation', unit: 'count' },
      { id: 'rung', name: 'Rung', unit: 'text' },
      { id: 'party_id', name: 'Id', unit: 'text' },
      { id: 'by_id', name: 'Id of who brought them', unit: 'text' },
    ],
    rows: drawing.ids.flatMap((id, i) => {
      const above = drawing.parent[i] ?? -1
      if (above < 0) return []
      const day = new Date((drawing.day[i] ?? 0) * 86_400_000).toISOString().slice(0, 10)
      const [name = '', by = '', byId = ''] = [drawing.names[i], drawing.names[above], drawing.ids[above]] // prettier-ignore
      return [[name, by, day, drawing.generation[i] ?? 0, drawing.rungs[i] ?? '', id, byId]]
    }),
  }
}

function growthTables({ growth, rings }: NetworkPicture): ReportTable[] {
  return [
    {
      id: 'growth',
      title: 'New people by generation',
      columns: [
        { id: 'from', name: 'From', unit: 'day' },
        ...growth.generations.map(({ name }, i) => ({
          ...{ id: `generation_${i}`, name, unit: 'count' as const },
        })),
      ],
      rows: growth.at.map((day, i) => [
        day,
        ...growth.generations.map(({ people }) => people[i] ?? 0),
      ]),
    },
    {
      id: 'rings',
      title: 'Rings',
      columns: [
        { id: 'people', name: 'People', unit: 'count' },
        { id: 'names', name: 'Each brought the next, the last the first', unit: 'text' },
      ],
      rows: rings.map(({ people }) => [
        people.length,
        people.map(({ id, name }) => name || id).join(' → '),
      ]),
    },
  ]
}

export function networkNotes({ within, totals, drawing, currency }: NetworkPicture): string[] {
  const counted = (count: number, words: string): string[] =>
    count > 0 ? [`${count} ${words}`] : []
  return [
    'Trees hold everybody up to the end of the period; K-factor and growth look at the period itself.',
    `Somebody was brought by whoever first used the code that they carried within ${within} days of their first touchpoint, or whom their source names (trait referred_by or invited_by).`,
    'Everybody belongs to the first one who brought them, so each person and their money counts once.',
    'K-factor: invitations for each active person times the share taken up. Interval of 95 % from 1,000 draws of the people (bootstrap), so few who bring many make it wide. Somebody brought without an invitation on record counts as invited.',
    'Standing is PageRank (Page, Brin, Motwani, Winograd 1999) over edges turned round, as times of the average.',
    'That a rung brings more people does not say that reaching it makes people recommend. Shares have the interval of Wilson (1927).',
    `Money: purchases and subscriptions in ${currency ?? 'any currency'}, up to the end of the period.`,
    ...counted(totals.otherCurrencies, 'people paid in other currencies too, which are not added.'),
    ...counted(totals.unknownCodes, 'people carried a code that nobody is known to have made.'),
    ...counted(drawing.left, 'people of smaller trees are not drawn; the files hold those drawn.'),
  ] // prettier-ignore
}
