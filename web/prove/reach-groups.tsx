/** Where people came from: all, the right ones, and who became a customer. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ReachGroup } from '../../src/domain/reports/reach.ts'
import { formatCount, formatNumber } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { PartBar } from '../ui/picture.tsx'
import { groupId, groupName, interval, percent } from './reach-words.ts'
import type { ReachPartProps } from './reach-words.ts'
import classes from './reach.module.css'

const orders: Readonly<Record<string, (group: ReachGroup) => number>> = {
  visits: ({ visits }) => visits,
  // The lower end: two of two people are not better than forty of fifty.
  qualified: ({ qualifiedShare }) => qualifiedShare.low,
  customers: ({ customerShare }) => customerShare.low,
}

export function ReachGroups({ answer, search }: ReachPartProps): ReactNode {
  const { picture, compared } = answer
  const order = orders[search['show-order'] ?? '']
  const groups = order
    ? picture.groups.toSorted((one, other) => order(other) - order(one))
    : picture.groups
  const most = Math.max(...groups.map(({ people }) => people))
  const before = new Map(compared?.picture.groups.map((group) => [groupId(group), group]))
  return (
    <Panel
      title={{ came: 'How they came', channel: 'Where we met them', campaign: 'By campaign' }[picture.by]} // prettier-ignore
      about={`People met, and in the accent those who fit a persona by ${formatNumber(picture.qualifiedFrom)} % or more. Open a row to see it over time.`}
    >
      <div className={classes['scroll']} tabIndex={0} role="region" aria-label="Reach by source">
        <table className={classes['groups']}>
          <thead>
            <tr>
              <th scope="col">{picture.by === 'channel' ? 'Channel' : 'Source'}</th>
              <td className={classes['bar']} />
              <th scope="col">People</th>
              <th scope="col">Qualified</th>
              <th scope="col">Visits</th>
              <th scope="col">Customers</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <Row
                key={groupId(group)}
                {...{ group, most, isChosen: search['show-group'] === groupId(group) }}
                before={compared ? (before.get(groupId(group)) ?? null) : null}
              />
            ))}
            <Row
              group={picture.total}
              most={0}
              isChosen={false}
              before={compared?.picture.total ?? null}
              isTotal
            />{' '}
            {/* prettier-ignore */}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

interface RowProps {
  readonly group: ReachGroup
  readonly most: number
  readonly isChosen: boolean
  readonly before: ReachGroup | null
  readonly isTotal?: boolean
}

function Row({ group, most, isChosen, before, isTotal = false }: RowProps): ReactNode {
  const { people, qualified, qualifiedShare, visits, customers, customerShare } = group
  return (
    <tr data-chosen={isChosen || undefined} data-total={isTotal || undefined}>
      <th scope="row">
        {isTotal ? (
          'Everybody, each once'
        ) : (
          <Link
            to="."
            search={(old: object) => ({
              ...old,
              'show-group': isChosen ? undefined : groupId(group),
            })}
            aria-current={isChosen || undefined}
          >
            {groupName(group)}
            <span className={classes['note']}>{group.kind}</span>
          </Link>
        )}
      </th>
      <td className={classes['bar']}>
        {!isTotal && <PartBar part={qualified} whole={people} of={most} />}
      </td>
      <td>
        {formatCount(people)}
        {before && <Before>{formatCount(before.people)}</Before>}
      </td>
      <td>
        {percent(qualifiedShare.value)}
        <span className={classes['note']}>{interval(qualifiedShare)}</span>
      </td>
      <td>
        {formatCount(visits)}
        <span className={classes['note']}>
          {formatNumber(people > 0 ? visits / people : 0)} each
        </span>
      </td>
      <td>
        {percent(customerShare.value)}
        <span className={classes['note']}>
          {formatCount(customers)}; {interval(customerShare)}
        </span>
        {before && <Before>{percent(before.customerShare.value)}</Before>}
      </td>
    </tr>
  )
}

const Before = ({ children }: { children: ReactNode }): ReactNode => (
  <span className={classes['note']}>
    <span className="visually-hidden">compared: </span>
    <span aria-hidden="true" className={classes['comparedMark']} />
    {children}
  </span>
)
