/** How long people waited for an answer, and what trust did afterwards. */
import type { ReactNode } from 'react'
import { words } from '../domain/words.ts'
import { formatCount, formatNumber, formatShare, formatSigned, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { BarList } from '../ui/chart/bar-list.tsx'
import { DifferencePlot } from '../ui/chart/difference-plot.tsx'
import type { TrustPartProps } from './trust-part.ts'

/** An interval of fewer tickets is too wide to draw beside the others. */
const fewestTickets = 5

export function TrustAnswers({ answer: { picture, compared } }: TrustPartProps): ReactNode {
  const { answers } = picture
  const { median } = answers
  const before = compared?.picture.answers
  const bandOf = (id: string) => before?.bands.find((band) => band.id === id)
  if (answers.tickets === 0) {
    return (
      <Panel title="Time to answer">
        <Empty title="No tickets in this period">
          Tickets opened and resolved are events of their own: connect the help desk as a source.
        </Empty>
      </Panel>
    )
  }
  const watched = answers.bands.filter(({ after, watched: n }) => after && n >= fewestTickets)
  return (
    <>
      <Panel
        title="Time to answer"
        about={
          median.value === null
            ? `${plural(answers.tickets, 'ticket')}; fewer than half are answered.`
            : `${plural(answers.tickets, 'ticket')}; half are answered within ${hours(median.value)}${median.low !== null && median.high !== null ? ` (${hours(median.low)} to ${hours(median.high)})` : ''}.`
        }
      >
        <BarList
          label="Tickets by time to answer"
          {...(compared ? { comparedWith: compared.with } : {})}
          rows={[...answers.bands, { id: 'open', name: 'not yet', tickets: answers.open }].map(
            ({ id, name, tickets }) => {
              const other = id === 'open' ? before?.open : bandOf(id)?.tickets
              return {
                id,
                name: words(name),
                value: tickets,
                says: formatCount(tickets),
                note: formatShare(tickets, answers.tickets),
                ...(other === undefined
                  ? {}
                  : { compared: other, comparedSays: formatCount(other) }),
              }
            },
          )}
        />
      </Panel>
      {watched.length > 0 && (
        <Panel
          title="Trust after the answer"
          about="Points in the 30 days after an answer, without those for answers themselves, by how long people had waited. An association: what was asked differs, too."
        >
          <DifferencePlot
            label="Points in the 30 days after an answer"
            format={(value) => formatSigned(value)}
            none="no change"
            rows={watched.flatMap(({ id, name, after, watched: n }) =>
              after
                ? [
                    {
                      id,
                      name: words(name),
                      difference: after,
                      isSure: after.low > 0 || after.high < 0,
                      says: formatSigned(after.value),
                      note: `${formatSigned(after.low)} to ${formatSigned(after.high)}; ${plural(n, 'ticket')}`,
                      title: plural(n, 'ticket'),
                      ...(bandOf(id)?.after ? { compared: bandOf(id)?.after?.value ?? 0 } : {}),
                    },
                  ]
                : [],
            )}
          />
        </Panel>
      )}
    </>
  )
}

const hours = (value: number): string =>
  value < 2
    ? `${formatNumber(value * 60, 0)} minutes`
    : value < 48
      ? `${formatNumber(value)} hours`
      : `${formatNumber(value / 24)} days`
