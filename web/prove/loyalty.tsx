/** The loyalty loop: choosing again without looking around, and what makes people look around. */
import type { ReactNode } from 'react'
import type { LoyaltyPicture, Repeats } from '../../src/domain/reports/loyalty.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { words } from '../domain/words.ts'
import { formatCount, formatNumber, plural } from '../ui/number.ts'
import { Facts } from '../ui/facts.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Panel, Stack } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { BarList } from '../ui/chart/bar-list.tsx'
import { LiftPlot } from '../ui/chart/lift-plot.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { LookingAround } from './loyalty-people.tsx'
import { interval, percent } from './reach-words.ts'
import { ReportFrame } from './report-frame.tsx'

interface PartProps {
  readonly answer: ReportAnswer<LoyaltyPicture>
}

export function LoyaltyPage(): ReactNode {
  return (
    <ReportFrame<LoyaltyPicture>
      id="loyalty"
      title="The loyalty loop"
      about="Who chooses us again without looking around, what made others look around, and who does now."
    >
      {(answer) => <Loyalty answer={answer} />}
    </ReportFrame>
  )
}

function Loyalty({ answer }: PartProps): ReactNode {
  const { picture } = answer
  if (picture.now.customers === 0) {
    return (
      <Panel title="Choosing again">
        <Empty title="Nobody has chosen anything yet">
          <p>
            Choices are {picture.choiceKinds.map((kind) => words(kind).toLowerCase()).join(', ')}:
            send them as events.
          </p>
          <LinkButton to="/sources">Connect a source</LinkButton>
        </Empty>
      </Panel>
    )
  }
  return (
    <>
      <Share answer={answer} />
      <Cohorts answer={answer} />
      <Before answer={answer} />
      <LookingAround picture={picture} />
    </>
  )
}

const monthFormat = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' }) // prettier-ignore
const monthName = (day: string): string => monthFormat.format(new Date(`${day}T00:00:00Z`))

/** Of the choices that followed an earlier one, those made without looking around. */
function Share({ answer }: PartProps): ReactNode {
  const { total, overTime, after, now } = answer.picture
  const { compared } = answer
  const months = overTime.map(({ month }) => month)
  return (
    <Panel
      title="Chose again without looking around"
      about="Of all purchases and renewals that followed an earlier one. The band is the 95 % interval."
    >
      <Stack>
        <Facts
          large
          facts={[
            {
              name: 'Loyal repeats',
              value: total ? percent(total.share.value) : '–',
              note: total
                ? `${interval(total.share)}; ${formatCount(total.loyal)} of ${formatCount(total.repeats)} by ${plural(total.people, 'person', 'people')}`
                : 'Nobody chose again in this period',
            },
            {
              name: 'Chose again after looking around',
              value: after.share ? percent(after.share.value) : '–',
              note: after.share
                ? `${interval(after.share)}; ${formatCount(after.choseAgain)} of ${formatCount(after.watched)} within ${after.withinDays} days`
                : `Nobody was watched for ${after.withinDays} days`,
            },
            {
              name: 'Looking around now',
              value: formatCount(now.total),
              note: `of ${plural(now.customers, 'customer')}`,
            },
            ...(compared?.picture.total
              ? [
                  {
                    name: `Loyal repeats, ${compared.with}`,
                    value: percent(compared.picture.total.share.value),
                    note: interval(compared.picture.total.share),
                  },
                ]
              : []),
          ]}
        />
        {overTime.length > 1 && (
          <LineChart
            label="Share of repeats made without looking around, by month."
            at={months}
            format={percent}
            formatAt={(day) => monthName(day)}
            series={[
              {
                id: 'share',
                name: 'Without looking around',
                values: overTime.map(({ share }) => share.value),
                low: overTime.map(({ share }) => share.low),
                high: overTime.map(({ share }) => share.high),
              },
              ...(compared && compared.with !== '' && sameMonths(compared.picture.overTime, months)
                ? [
                    {
                      id: 'compared',
                      name: compared.with,
                      values: compared.picture.overTime.map(({ share }) => share.value),
                      isCompared: true,
                    },
                  ]
                : []),
            ]}
          />
        )}
      </Stack>
    </Panel>
  )
}

const sameMonths = (rows: readonly Repeats[], months: readonly string[]): boolean =>
  rows.length === months.length && rows.every(({ month }, index) => month === months[index])

const fewPeople = 10

function Cohorts({ answer: { picture, compared } }: PartProps): ReactNode {
  const before = new Map(compared?.picture.cohorts.map((row) => [row.month, row.share.value]))
  if (picture.cohorts.length === 0) return null
  // A cohort of one or two reaches from nothing to all, and would make all others small.
  const known = picture.cohorts.filter(({ people }) => people >= fewPeople)
  const scale = Math.max(0.1, ...known.map(({ share }) => 1 - share.low))
  return (
    <Panel
      title="Looked around before choosing again, by first choice"
      about="The other side of the same share, for those who chose us first in each month. Whiskers are 95 % intervals: long where few chose again."
    >
      <BarList
        label="Share of repeats after looking around, by month of the first choice"
        most={scale}
        {...(compared ? { comparedWith: compared.with } : {})}
        rows={picture.cohorts.map(({ month, people, repeats, share }) => {
          const other = before.get(month)
          return {
            id: month,
            name: monthName(month),
            value: 1 - share.value,
            low: 1 - share.high,
            high: 1 - share.low,
            says: percent(1 - share.value),
            note: `of ${formatCount(repeats)} by ${plural(people, 'person', 'people')}`,
            ...(other === undefined
              ? {}
              : { compared: 1 - other, comparedSays: percent(1 - other) }),
          }
        })}
      />
    </Panel>
  )
}

const sureFrom = 0.1
const mostKinds = 15

function Before({ answer: { picture, compared } }: PartProps): ReactNode {
  const { kinds, windowDays, people, times } = picture.before
  const before = new Map(compared?.picture.before.kinds.map(({ kind, lift }) => [kind, lift.value]))
  return (
    <Panel
      title="What came before looking around"
      about={`In the ${windowDays} days before ${plural(people, 'customer')} began to look around (${plural(times, 'time')}): how much more common it was than at the same people's other times. An association.`}
    >
      {kinds.length === 0 ? (
        <Empty title="Too few looked around in this period to say what came before">
          Choose a longer period.
        </Empty>
      ) : (
        <LiftPlot
          label="How much more common before looking around"
          rows={kinds.slice(0, mostKinds).map(({ kind, people: met, lift, q }) => ({
            id: kind,
            name: words(kind),
            lift,
            isSure: q < sureFrom,
            says: `${formatNumber(lift.value)}×`,
            note: `${formatNumber(lift.low)} to ${formatNumber(lift.high)}; ${plural(met, 'person', 'people')}`,
            title: `q ${formatNumber(q, 3)}`,
            ...(before.has(kind) ? { compared: before.get(kind) ?? 1 } : {}),
          }))}
        />
      )}
    </Panel>
  )
}
