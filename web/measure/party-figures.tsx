/** The smaller figures of a party: value, loyalty, love and reach, how it began. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { PartyDetail } from '../../src/domain/view.ts'
import { queries } from '../api.ts'
import { words } from '../domain/words.ts'
import { Facts } from '../ui/facts.tsx'
import { formatCount, formatMoney, formatNumber } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Moment } from '../ui/time.tsx'
import { EvidenceLink } from './evidence-link.tsx'

export function Value({ party }: { party: PartyDetail }): ReactNode {
  const { value } = party
  const measures = useQuery(queries.model()).data?.model.value
  const part = (name: string, minor: number, measure: string | undefined) => ({
    name,
    value:
      measure === undefined ? (
        formatMoney(minor, value.currency)
      ) : (
        <EvidenceLink of={`measure:${measure}`} label={name}>
          {formatMoney(minor, value.currency)}
        </EvidenceLink>
      ),
  })
  return (
    <Panel title="Value so far">
      <Facts
        facts={[
          part('Own revenue', value.ownMinor, measures?.own),
          part('Referred', value.referredMinor, measures?.referred),
          part('Influenced', value.influencedMinor, measures?.influenced),
          part('Deflected', value.deflectedMinor, measures?.deflected),
          {
            name: 'Together',
            value: <strong>{formatMoney(value.totalMinor, value.currency)}</strong>,
          },
        ]}
      />
    </Panel>
  )
}

export function Loyalty({ party }: { party: PartyDetail }): ReactNode {
  const { loyalty } = party
  return (
    <Panel title="Loyalty" about="Earned again at each choice: repeated without comparing first.">
      <Facts
        facts={[
          { name: 'Choices', value: formatCount(loyalty.choices) },
          {
            name: 'Repeated without reconsidering',
            value: formatCount(loyalty.repeatedWithoutReconsidering),
          },
          {
            name: 'Repeated after reconsidering',
            value: formatCount(loyalty.repeatedAfterReconsidering),
          },
          {
            name: 'Comparing again since',
            value: loyalty.reEvaluatingSince ? (
              <Moment at={loyalty.reEvaluatingSince} />
            ) : (
              'Not now'
            ),
          },
        ]}
      />
    </Panel>
  )
}

export function LoveAndReach({ party }: { party: PartyDetail }): ReactNode {
  return (
    <Panel title="Love and reach" about="How much they care, and how many listen to them.">
      <Facts
        large
        facts={[
          {
            name: 'Affinity (love)',
            value: (
              <EvidenceLink of="affinity:total" label="Affinity">
                {formatNumber(party.affinity)}
              </EvidenceLink>
            ),
          },
          {
            name: 'Reach (influence)',
            value: (
              <EvidenceLink of="reach:total" label="Reach">
                {formatNumber(party.reach)}
              </EvidenceLink>
            ),
          },
        ]}
      />
    </Panel>
  )
}

/** The first digital moment, from the measures that keep a first value. */
export function FirstConnection({ party }: { party: PartyDetail }): ReactNode {
  const firsts = party.measures.filter(({ kind, value }) => kind === 'first' && value !== null)
  if (firsts.length === 0 && party.firstSeenAt === null) return null
  return (
    <Panel title="First connection">
      <Facts
        facts={[
          ...(party.firstSeenAt === null
            ? []
            : [{ name: 'First seen', value: <Moment at={party.firstSeenAt} /> }]),
          ...firsts.map((measure) => ({
            name: measure.name,
            value: (
              <EvidenceLink of={`measure:${measure.id}`} label={measure.name}>
                {measure.id.endsWith('channel') ? words(String(measure.value)) : measure.value}
              </EvidenceLink>
            ),
          })),
        ]}
      />
    </Panel>
  )
}
