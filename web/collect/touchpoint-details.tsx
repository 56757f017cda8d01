import type { ReactNode } from 'react'
import type { TouchpointView } from '../../src/domain/view.ts'
import { CodeBlock } from '../ui/code-block.tsx'
import { Facts } from '../ui/facts.tsx'
import { formatMoney, formatNumber, formatSigned } from '../ui/number.ts'
import { Moment } from '../ui/time.tsx'
import classes from './touchpoint-details.module.css'

/** What a touchpoint carried, readable first, as it was sent second. */
export function TouchpointDetails({ touchpoint }: { touchpoint: TouchpointView }): ReactNode {
  const { amountMinor, currency, score, sentiment } = touchpoint
  const facts = [
    { name: 'Happened', value: <Moment at={touchpoint.occurredAt} exact /> },
    { name: 'Received', value: <Moment at={touchpoint.receivedAt} exact /> },
    { name: 'Source', value: touchpoint.source.name },
    ...(amountMinor === null
      ? []
      : [{ name: 'Amount', value: formatMoney(amountMinor, currency ?? '') }]),
    ...(score === null ? [] : [{ name: 'Score', value: `${formatNumber(score * 100, 0)} of 100` }]),
    ...(sentiment === null
      ? []
      : [{ name: 'Sentiment (−1 to +1)', value: formatSigned(sentiment, 2) }]),
  ]
  return (
    <div className={classes['details']}>
      <Facts facts={facts} />
      <div className={classes['code']}>
        <CodeBlock label="Properties" code={JSON.stringify(touchpoint.properties, null, 2)} />
        <CodeBlock label="Context" code={JSON.stringify(touchpoint.context, null, 2)} />
      </div>
    </div>
  )
}
