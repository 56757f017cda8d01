import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { IdentityDecision } from '../answers.ts'
import { queries, sayProblem } from '../api.ts'
import { Tag } from '../ui/facts.tsx'
import { Panel } from '../ui/page.tsx'
import { Empty, WhenReady } from '../ui/states.tsx'
import { Moment } from '../ui/time.tsx'
import classes from './identity.module.css'
import { isUndoable, useUndo } from './use-identity.ts'

const actionWords: Record<IdentityDecision['action'], string> = {
  merge: 'Merged',
  split: 'Split',
  undo: 'Undone',
  refused: 'Refused to merge',
}

export function Decisions({ partyId }: { partyId: string }): ReactNode {
  const answer = useQuery(queries.identity(partyId))
  const undo = useUndo(partyId)
  return (
    <Panel
      title="Decisions"
      about="Every merge and split. Undo what a hand did; split what a rule joined."
    >
      <WhenReady answer={answer} says={sayProblem}>
        {({ decisions }) =>
          decisions.length === 0 ? (
            <Empty title="No decision yet">
              <p>When two identifiers turn out to be one person, the reason is kept here.</p>
            </Empty>
          ) : (
            <ol>
              {decisions.map((decision) => (
                <li
                  key={decision.id}
                  className={classes['decision']}
                  data-undone={decision.undone || undefined}
                >
                  <div className={classes['head']}>
                    <span>
                      <strong>{actionWords[decision.action]}</strong>{' '}
                      {decision.undone && <Tag>Undone</Tag>}
                    </span>
                    {isUndoable(decision) && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        onClick={() => undo.mutate(decision.id)}
                      >
                        Undo
                      </Button>
                    )}
                  </div>
                  <p>{decision.reason}</p>
                  <p className={classes['note']}>
                    <Moment at={decision.at} exact /> by {decision.by}
                    {decision.identifiers.length > 0 &&
                      `: ${decision.identifiers
                        .map(({ namespace, value }) => `${namespace} ${value}`)
                        .join(', ')}`}
                  </p>
                </li>
              ))}
            </ol>
          )
        }
      </WhenReady>
    </Panel>
  )
}
