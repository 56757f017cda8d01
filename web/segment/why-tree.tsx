/** Why somebody is inside, or why not: every condition with a sign, what was found, and what time does. */
import { IconCircleCheckFilled, IconCircleX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { SegmentGroup, SegmentNode, WhyNode } from '../../src/domain/segment-view.ts'
import { Moment } from '../ui/time.tsx'
import { isGroup } from './rule-tree.ts'
import type { PartyKind } from './segment-queries.ts'
import { useConditionWords } from './use-words.ts'
import classes from './why-tree.module.css'

interface WhyTreeProps {
  readonly why: WhyNode
  /** The tree of the segment: its conditions stand in the same order, and say it in our words. */
  readonly tree: SegmentGroup
  readonly kind: PartyKind
}

export function WhyTree({ why, tree, kind }: WhyTreeProps): ReactNode {
  return (
    <ul className={classes['tree']} aria-label="Condition by condition">
      <Node node={why} of={tree} kind={kind} />
    </ul>
  )
}

const ways = { and: 'All of these', or: 'At least one of these' }
const turned = { and: 'Not all of these', or: 'None of these' }

/** What stands below a node of the tree: of a condition on an account, the account's conditions. */
function below(of: SegmentNode | undefined): readonly SegmentNode[] {
  if (of === undefined) return []
  if (isGroup(of)) return of.rules
  const { value } = of
  return typeof value === 'object' && !Array.isArray(value) ? [value] : []
}

interface NodeProps {
  readonly node: WhyNode
  readonly of: SegmentNode | undefined
  readonly kind: PartyKind
}

function Node({ node, of, kind }: NodeProps): ReactNode {
  const wordsOf = useConditionWords()
  const { combinator, not, says } = node
  const inner = below(of)
  // Where the segment was changed meanwhile the two no longer fit: then the server's words stand.
  const fits = inner.length === node.parts.length
  const own = of && !isGroup(of) && combinator === null ? wordsOf(of, kind) : null
  const title = combinator === null ? (own ?? says) : (not ? turned : ways)[combinator]
  const isAccount = of !== undefined && !isGroup(of) && of.field === 'account'
  return (
    <li className={classes['node']}>
      <div className={classes['line']}>
        <Verdict holds={node.holds} />
        <div className={classes['text']}>
          <p className={combinator === null ? undefined : classes['way']}>{title}</p>
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
            <Node
              key={`${index} ${part.says}`}
              node={part}
              of={fits ? inner[index] : undefined}
              kind={isAccount ? 'account' : kind}
            />
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
