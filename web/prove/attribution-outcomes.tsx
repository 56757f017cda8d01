/** The ledger, outcome by outcome: who, when, and which touch has which part of it. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { AttributionPicture } from '../../src/domain/reports/attribution.ts'
import { HeatTable } from '../ui/chart/heat-table.tsx'
import { formatCount, formatMoney, formatNumber } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Moment } from '../ui/time.tsx'
import { words } from '../domain/words.ts'
import { methodWords } from './attribution-words.ts'
import type { ReportSearch } from './report-search.ts'
import classes from './conversion.module.css'

const millionths = 1_000_000

export function AttributionOutcomes(props: {
  readonly picture: AttributionPicture
  readonly change: (change: ReportSearch) => void
}): ReactNode {
  const { picture, change } = props
  const { opened, outcomes, currency } = picture
  return (
    <Panel
      title="Outcome by outcome"
      about="The newest ones. Open one to see its touches and the part that each of them has."
      id="outcomes"
    >
      {opened && (
        <Opened picture={picture} onClose={() => change({ party: undefined, at: undefined })} />
      )}
      <ul className={classes['people']}>
        {outcomes.map(({ party, name, at, value }) => (
          <li key={`${party} ${at}`}>
            <button
              type="button"
              className={classes['open']}
              aria-expanded={opened?.party === party && opened.at === at}
              onClick={() => change({ party, at })}
            >
              {name || 'Without a name'}
            </button>
            <span>
              {value !== null && currency !== '' && <>{formatMoney(value, currency)}, </>}
              <Moment at={at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Opened(props: {
  readonly picture: AttributionPicture
  readonly onClose: () => void
}): ReactNode {
  const { opened, methods } = props.picture
  if (opened === null) return null
  return (
    <div className={classes['opened']}>
      <div className={classes['openedHead']}>
        <h3>
          <Link to="/people/$partyId" params={{ partyId: opened.party }} className={classes['open']}>
            {opened.name || 'Without a name'}
          </Link>
          , <Moment at={opened.at} exact />
        </h3>
        <Button variant="default" size="xs" onClick={props.onClose}>
          Close
        </Button>
      </div>
      {opened.touches.length === 0 ? (
        <Empty title="No touch before it">
          Nobody is credited. Look back further, or count all that they did.
        </Empty>
      ) : (
        <HeatTable
          label={`Touches before the outcome of ${opened.name} and their credit`}
          corner="Touch"
          columns={methods.map((method) => methodWords[method])}
          most={1}
          rows={[
            ...opened.touches.map((touch, index) => ({
              id: `${index}`,
              name: touch.channel,
              note: (
                <>
                  {words(touch.kind)}
                  {touch.touches > 1 && `, ${formatCount(touch.touches)} times`},{' '}
                  <Moment at={touch.at} />
                </>
              ),
              cells: touch.credits.map((part) => ({
                value: part / millionths,
                says: `${formatNumber((part / millionths) * 100, 1)} %`,
              })),
            })),
            {
              id: 'sum',
              name: 'Together',
              cells: methods.map((_, m) => ({
                value: 0,
                says: `${formatNumber((opened.touches.reduce((sum, { credits }) => sum + (credits[m] ?? 0), 0) / millionths) * 100, 1)} %`,
                isFaint: true,
              })),
            },
          ]}
        />
      )}
    </div>
  )
} // prettier-ignore
