import type { ReactNode } from 'react'
import type { PartyDetail } from '../../src/domain/view.ts'
import { HealthMark } from '../domain/health-mark.tsx'
import { PartyLink } from '../domain/party-link.tsx'
import { formatNumber } from '../ui/number.ts'
import { Ago, Moment } from '../ui/time.tsx'
import { EvidenceLink } from './evidence-link.tsx'
import classes from './party-header.module.css'

/** Who it is and where it stands, in one look: rung, health and trust, each with its since-when. */
export function PartyHeading({ party }: { party: PartyDetail }): ReactNode {
  return (
    <div className={classes['facts']}>
      <span>
        <span className={classes['rung']}>{party.rung.name}</span>{' '}
        <span className={classes['since']}>
          since <Moment at={party.rung.since} />
        </span>
      </span>
      <span>
        <HealthMark colour={party.health} badge />{' '}
        <span className={classes['since']}>
          since <Moment at={party.healthSince} />
        </span>
      </span>
      <span>
        Trust{' '}
        <strong>
          <EvidenceLink of="trust:balance" label="the trust balance">
            {formatNumber(party.trust.balance)}
          </EvidenceLink>
        </strong>
      </span>
      {party.persona && party.persona.fit > 0 && (
        <span>
          {party.persona.name}{' '}
          <span className={classes['since']}>
            fit{' '}
            <EvidenceLink of="persona:fit" label={`Fit with ${party.persona.name}`}>
              {formatNumber(party.persona.fit, 0)}
            </EvidenceLink>{' '}
            of 100
          </span>
        </span>
      )}
      {party.accounts.length > 0 && (
        <span>
          at{' '}
          {party.accounts.map((account, index) => (
            <span key={account.id}>
              {index > 0 && ', '}
              <PartyLink party={account} />
            </span>
          ))}
        </span>
      )}
      {party.healthReasons.length > 0 && (
        <span className={classes['reason']}>{party.healthReasons.join('. ')}.</span>
      )}
      <span className={classes['since']}>
        {party.lastSeenAt ? (
          <>
            Last seen <Ago at={party.lastSeenAt} />
          </>
        ) : (
          'Not seen yet'
        )}
        {party.firstSeenAt && (
          <>
            , first <Moment at={party.firstSeenAt} />
          </>
        )}
      </span>
    </div>
  )
}
