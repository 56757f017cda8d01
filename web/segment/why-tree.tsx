/** Why somebody is inside, or why not: every condition with a sign, what was found, and what time does. */
import { IconCircleCheckFilled, IconCircleX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { WhyNode } from '../../src/domain/segment-view.ts'
import { Moment } from '../ui/time.tsx'
import classes from './why-tree.module.css'

export function WhyTree({ tree }: { tree: WhyNode }): ReactNode {
  return (
    <ul className={classes['tree']} aria-label="Condition by condition">
      <Node node={tree} />
    </ul>
  )
}

const ways = { and: 'All of these', or: 'At least one of these' }
const turned = { and: 'Not all of these', or: 'None of these' }

function titleOf({ combinator, not, says }: WhyNode): string {
  if (combinator === null) return says
  return not ? turned[combinator] : ways[combinator]
}

function Node({ node }: { node: WhyNode }): ReactNode {
  return (
    <li className={classes['node']}>
      <div className={classes['line']}>
        <Verdict holds={node.holds} />
        <div className={classes['text']}>
          <p className={node.combinator === null ? undefined : classes['way']}>{titleOf(node)}</p>
          {node.found !== null && (
            <p className={classes['found']}>
              Found: <strong>{node.found}</strong>
            </p>
          )}
          {node.combinator === null && node.flipsAt !== null && (
            <p className={classes['found']}>
              {node.holds ? 'Holds until' : 'Holds by time alone from'}{' '}
              <Moment at={node.flipsAt} exact /> if nothing happens
            </p>
          )}
        </div>
      </div>
      {node.parts.length > 0 && (
        <ul className={classes['parts']}>
          {node.parts.map((part, index) => (
            <Node key={`${index} ${part.says}`} node={part} />
          ))}
        </ul>
      )}
    </li>
  )
}

export function Verdict({ holds }: { holds: boolean }): ReactNode {
  const Sign = holds ? IconCircleCheckFilled : IconCircleX
  return (
    <span className={classes['verdict']} data-holds={holds || undefined}>
      <Sign size={18} aria-hidden="true" />
      {holds ? 'Yes' : 'No'}
    </span>
  )
}
