/** Who the chosen one is: a way to their page, to who brought them and to those whom they brought. */
import type { ReactNode } from 'react'
import type { NetworkPicture } from '../../src/domain/reports/network.ts'
import { PartyLink } from '../domain/party-link.tsx'
import { formatCount, formatMoney } from '../ui/number.ts'
import type { Walks } from './network-walk.ts'
import classes from './network.module.css'

interface NetworkPersonProps {
  readonly picture: NetworkPicture
  readonly walks: Walks
  readonly place: number
  readonly choose: (place: number) => void
}

const shown = 12

export function NetworkPerson({ picture, walks, place, choose }: NetworkPersonProps): ReactNode {
  const { drawing, rungs, currency } = picture
  const id = drawing.ids[place]
  if (id === undefined) return null
  const above = drawing.parent[place] ?? -1
  const below = walks.below[place] ?? []
  const rung = drawing.rungs[place] ?? ''
  const day = drawing.day[place] ?? 0
  const nameOf = (one: number): string => drawing.names[one] || 'Without a name'
  const value = drawing.valueMinor[place] ?? 0
  return (
    <div className={classes['person']} aria-live="polite">
      <h3>
        <PartyLink party={{ id, kind: 'person', displayName: drawing.names[place] ?? '' }} />
      </h3>
      <p className={classes['muted']}>
        {rungs.find((one) => one.id === rung)?.name ?? rung}
        {day > 0 && `, since ${new Date(day * 86_400_000).toISOString().slice(0, 10)}`}
      </p>
      <dl className={classes['facts']}>
        <dt>Brought by</dt>
        <dd>
          {above < 0 ? (
            'came by themselves'
          ) : (
            <button type="button" onClick={() => choose(above)}>
              {nameOf(above)}
            </button>
          )}
        </dd>
        <dt>All below</dt>
        <dd>{formatCount(drawing.reach[place] ?? 0)}</dd>
        {value > 0 && (
          <>
            <dt>Paid by those</dt>
            <dd>{formatMoney(value, currency ?? '')}</dd>
          </>
        )}
        <dt>Brought {formatCount(drawing.brought[place] ?? 0)}</dt>
        <dd>
          {below.length === 0 && '–'}
          <ul>
            {below.slice(0, shown).map((one) => (
              <li key={one}>
                <button type="button" onClick={() => choose(one)}>
                  {nameOf(one)}
                </button>
              </li>
            ))}
            {below.length > shown && <li>and {formatCount(below.length - shown)} more</li>}
          </ul>
        </dd>
      </dl>
      <p className={classes['muted']}>
        Arrow keys walk the network: up to who brought them, down to whom they brought, left and
        right among those beside them. Enter opens the page.
      </p>
    </div>
  )
}
