import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { PartyReference } from '../answers.ts'
import classes from './party-link.module.css'

/** A name that leads to its page. Names come from outside: they are text, nothing else. */
export function PartyLink({ party }: { party: PartyReference }): ReactNode {
  return (
    <Link
      to={party.kind === 'person' ? '/people/$partyId' : '/accounts/$partyId'}
      params={{ partyId: party.id }}
      className={classes['link']}
    >
      {party.displayName || 'Without a name'}
    </Link>
  )
}
