import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Source } from '../answers.ts'
import { formatCount } from '../ui/number.ts'
import classes from './source-counts.module.css'

/** Received = accepted + repeated + rejected, written as the sum that it is. */
export function SourceCounts({ source }: { source: Source }): ReactNode {
  const sum = source.accepted + source.duplicate + source.rejected
  return (
    <div className={classes['counts']}>
      <Count name="received" value={source.received} />
      <span className={classes['sign']}>=</span>
      <Count name="accepted" value={source.accepted} />
      <span className={classes['sign']}>+</span>
      <Count name="repeated" value={source.duplicate} />
      <span className={classes['sign']}>+</span>
      <Link
        to="/sources"
        search={{ tab: 'rejects', source: source.id }}
        className={classes['link']}
      >
        <Count name="rejected" value={source.rejected} />
      </Link>
      {sum !== source.received && (
        <span className={classes['missing']} role="alert">
          {formatCount(source.received - sum)} not accounted for
        </span>
      )}
      {source.bot > 0 && (
        <span className={classes['robots']}>
          {formatCount(source.bot)} of the accepted by robots
        </span>
      )}
    </div>
  )
}

function Count({ name, value }: { name: string; value: number }): ReactNode {
  return (
    <span className={classes['count']}>
      <strong>{formatCount(value)}</strong> <span>{name}</span>
    </span>
  )
}
