/** Who brought whom: the forest to walk through, how fast it grows, who brings others. */
import type { ReactNode } from 'react'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import type { NetworkPicture } from '../../src/domain/reports/network.ts'
import { PartyLink } from '../domain/party-link.tsx'
import { BarList } from '../ui/chart/bar-list.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { formatCount, formatMoney, formatNumber, formatShare, plural } from '../ui/number.ts'
import { Columns, Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import { NetworkFigures } from './network-figures.tsx'
import { NetworkMap } from './network-map.tsx'
import { ReportFrame } from './report-frame.tsx'
import classes from './network.module.css'

const windows = ['1', '7', '30', '90']
const usualWindow = '7'

export function NetworkPage(): ReactNode {
  return (
    <ReportFrame<NetworkPicture>
      id="network"
      title="Who brought whom"
      about="Who recommends us, whom they brought, how far that goes on and what it is worth."
      controls={(search, change) => (
        <Pick
          label="A code counts"
          options={windows.map((days) => ({
            value: days,
            label: `Code in the first ${days === '1' ? 'day' : `${days} days`}`,
          }))}
          value={search['within'] ?? usualWindow}
          onChange={(within) => change({ within: within === usualWindow ? undefined : within })}
        />
      )}
    >
      {(answer) => <Pictures answer={answer} />}
    </ReportFrame>
  )
}

function Pictures({ answer }: { answer: ReportAnswer<NetworkPicture> }): ReactNode {
  const { picture, compared } = answer
  if (picture.totals.brought === 0) {
    return (
      <Panel title="The network">
        <Empty title="Nobody is known to have brought anybody yet">
          Send <code>Referral Made</code> with a <code>code</code>, and put the code into the link
          as <code>?ref=…</code>: whoever comes by it is theirs. Or set the trait{' '}
          <code>referred_by</code> to a user id.
        </Empty>
      </Panel>
    )
  }
  return (
    <>
      <NetworkFigures picture={picture} compared={compared} />
      <NetworkMap picture={picture} />
      <Columns>
        <Growth picture={picture} />
        <ByRung picture={picture} compared={compared} />
      </Columns>
      <Columns>
        <Leaders picture={picture} />
        <Generations picture={picture} />
      </Columns>
      <Rings picture={picture} />
    </>
  )
}

function Growth({ picture }: { picture: NetworkPicture }): ReactNode {
  const { at, days, generations } = picture.growth
  const brought = generations.slice(1)
  return (
    <Panel
      title="New people whom others brought"
      about={`In steps of ${plural(days, 'day')}. ${sentenceOf(generations)}`}
    >
      {brought.length === 0 ? (
        <Empty title="Nobody was brought in this period" />
      ) : (
        <LineChart
          label="New people by generation"
          at={at}
          series={brought.map(({ name, people }, i) => ({ id: String(i), name, values: people }))}
          format={formatCount}
        />
      )}
    </Panel>
  )
}

function sentenceOf(generations: NetworkPicture['growth']['generations']): string {
  const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0)
  const [own = 0, ...others] = generations.map(({ people }) => sum(people))
  return `${formatShare(sum(others), own + sum(others))} of all new people were brought by others.`
}

type Compared = ReportAnswer<NetworkPicture>['compared']

function ByRung(props: {
  readonly picture: NetworkPicture
  readonly compared: Compared
}): ReactNode {
  const { picture, compared } = props
  const before = new Map(compared?.picture.rungs.map((rung) => [rung.id, rung]))
  return (
    <Panel
      title="Who brings others"
      about="Of the people on each rung today, how many brought somebody."
    >
      <BarList
        label="Share of people who brought others, by rung"
        rows={picture.rungs.toReversed().map(({ id, name, people, bringers, share }) => {
          const other = before.get(id)
          return {
            id,
            name,
            value: share.value,
            low: share.low,
            high: share.high,
            says: formatShare(bringers, people),
            note: `${formatCount(bringers)} of ${formatCount(people)}`,
            ...(other && {
              compared: other.share.value,
              comparedSays: formatShare(other.bringers, other.people),
            }),
          }
        })}
        {...(compared && { comparedWith: compared.with })}
      />
    </Panel>
  )
}

const leadersShown = 12

function Leaders({ picture }: { picture: NetworkPicture }): ReactNode {
  const { leaders, currency } = picture
  return (
    <Panel
      title="Whose recommendations were worth most"
      about="Money of everybody below them, each counted once."
    >
      <BarList
        label="People by what those below them paid"
        rows={leaders.slice(0, leadersShown).map((one) => ({
          id: one.id,
          name: <PartyLink party={{ id: one.id, kind: 'person', displayName: one.name }} />,
          value: one.valueMinor,
          says: formatMoney(one.valueMinor, currency ?? ''),
          note: `${formatCount(one.reach)} below in ${plural(one.depth, 'generation')} · standing ${formatNumber(one.standing)}×`,
        }))}
      />
    </Panel>
  )
}

function Generations({ picture }: { picture: NetworkPicture }): ReactNode {
  const { generations, currency } = picture
  const nameOf = (generation: number): string =>
    generation === 0 ? 'Came by themselves, brought others' : `Generation ${generation}`
  return (
    <Panel title="Generations" about="How far a recommendation is passed on.">
      <BarList
        label="People in each generation"
        rows={generations.map(({ generation, people, valueMinor }) => ({
          id: String(generation),
          name: nameOf(generation),
          value: people,
          says: formatCount(people),
          ...(valueMinor !== null && { note: `${formatMoney(valueMinor, currency ?? '')} paid` }),
        }))}
      />
    </Panel>
  )
}

function Rings({ picture }: { picture: NetworkPicture }): ReactNode {
  return (
    <Panel
      title="Rings"
      about="People who are said to have brought each other: a sign of a gamed programme, or of mixed-up identities."
    >
      {picture.rings.length === 0 ? (
        <Empty title="None found" />
      ) : (
        <ul className={classes['rings']}>
          {picture.rings.map(({ people }) => (
            <li key={people.map(({ id }) => id).join()}>
              {people.map(({ id, name }) => (
                <span key={id}>
                  <PartyLink party={{ id, kind: 'person', displayName: name }} />
                  {' → '}
                </span>
              ))}
              {people[0]?.name || 'the first'}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
