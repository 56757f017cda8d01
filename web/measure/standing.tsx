import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { PartyDetail } from '../../src/domain/view.ts'
import { queries } from '../api.ts'
import { Panel } from '../ui/page.tsx'
import { Empty, Lines } from '../ui/states.tsx'
import { Moment } from '../ui/time.tsx'
import { Conditions } from './conditions.tsx'
import { LadderPosition } from './ladder.tsx'
import classes from './standing.module.css'

/** The rung with its evidence on one side, the next rung and what is missing for it on the other. */
export function Standing({ party }: { party: PartyDetail }): ReactNode {
  const ladder = useQuery(queries.ladder())
  return (
    <Panel title="On the ladder" about="Computed from what happened, never typed in.">
      <div className={classes['standing']}>
        {ladder.data ? (
          <LadderPosition
            rungs={ladder.data.rungs}
            current={party.rung.id}
            note={
              <>
                since <Moment at={party.rung.since} />
              </>
            }
          />
        ) : (
          <Lines count={9} height={16} />
        )}
        <div className={classes['reasons']}>
          <div>
            <h3>Missing for {party.nextRung ? party.nextRung.name : 'the next rung'}</h3>
            {party.nextRung && <p className={classes['meaning']}>{party.nextRung.meaning}</p>}
            {party.nextRung && party.nextRung.missing.length > 0 ? (
              <Conditions conditions={party.nextRung.missing} />
            ) : (
              <p className={classes['meaning']}>
                Nothing: this is the highest rung. Keep it by keeping the promises made.
              </p>
            )}
          </div>
          <div>
            <h3>Why {party.rung.name}</h3>
            {party.evidence.length > 0 ? (
              <Conditions conditions={party.evidence} />
            ) : (
              <Empty title="">
                <p>The lowest rung needs no evidence.</p>
              </Empty>
            )}
          </div>
        </div>
      </div>
    </Panel>
  )
}
