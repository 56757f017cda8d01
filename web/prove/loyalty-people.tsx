/** Customers who have compared since their last choice: the list to call today. */
import type { ReactNode } from 'react'
import type { LoyaltyPicture } from '../../src/domain/reports/loyalty.ts'
import type { HealthColour } from '../../src/domain/view.ts'
import { HealthMark, healthWords } from '../domain/health-mark.tsx'
import { PartyLink } from '../domain/party-link.tsx'
import { formatCount } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import classes from './report.module.css'

const isColour = (health: string): health is HealthColour => Object.hasOwn(healthWords, health)

export function LookingAround({ picture }: { picture: LoyaltyPicture }): ReactNode {
  const { now, rungs } = picture
  const nameOf = new Map(rungs.map(({ id, name }) => [id, name]))
  return (
    <Panel
      title="Looking around now"
      about="Customers who have compared us with others since their last choice, the latest first."
    >
      {now.people.length === 0 ? (
        <Empty title="No customer is looking around" />
      ) : (
        <div
          className={classes['scroll']}
          tabIndex={0}
          role="region"
          aria-label="Looking around now"
        >
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">Since</th>
                <th scope="col">Last chose</th>
                <th scope="col">Rung</th>
                <th scope="col">Health</th>
                <th scope="col" data-number>
                  Comparisons
                </th>
                <th scope="col" data-number>
                  Choices so far
                </th>
              </tr>
            </thead>
            <tbody>
              {now.people.map((one) => (
                <tr key={one.id}>
                  <td>
                    <PartyLink party={{ id: one.id, kind: 'person', displayName: one.name }} />
                  </td>
                  <td>
                    <Ago at={one.since} />
                  </td>
                  <td>
                    <Ago at={one.lastChoice} />
                  </td>
                  <td>{nameOf.get(one.rung) ?? one.rung}</td>
                  <td>{isColour(one.health) ? <HealthMark colour={one.health} /> : '–'}</td>
                  <td data-number>{formatCount(one.comparisons)}</td>
                  <td data-number>{formatCount(one.choices)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {now.total > now.people.length && (
            <p className={classes['note']}>
              {formatCount(now.total - now.people.length)} more began to look around earlier.
            </p>
          )}
        </div>
      )}
    </Panel>
  )
}
