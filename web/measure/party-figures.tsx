/** The smaller figures of a party: value, loyalty, love and reach, and every measure of the model. */
import type { ReactNode } from 'react'
import type { PartyDetail } from '../../src/domain/view.ts'
import { Facts } from '../ui/facts.tsx'
import { formatCount, formatMoney, formatNumber, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Moment } from '../ui/time.tsx'
import { EvidenceLink } from './evidence-link.tsx'

export function Value({ party }: { party: PartyDetail }): ReactNode {
  const { value } = party
  const money = (minor: number, part: string, label: string): ReactNode => (
    <EvidenceLink of={`value:${part}`} label={label}>
      {formatMoney(minor, value.currency)}
    </EvidenceLink>
  )
  return (
    <Panel title="Value so far">
      <Facts
        facts={[
          { name: 'Own revenue', value: money(value.ownMinor, 'own', 'own revenue') },
          { name: 'Referred', value: money(value.referredMinor, 'referred', 'referred value') },
          {
            name: 'Influenced',
            value: money(value.influencedMinor, 'influenced', 'influenced value'),
          },
          { name: 'Deflected', value: money(value.deflectedMinor, 'deflected', 'deflected value') },
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
              <EvidenceLink of="affinity" label="affinity">
                {formatNumber(party.affinity)}
              </EvidenceLink>
            ),
          },
          {
            name: 'Reach (influence)',
            value: (
              <EvidenceLink of="reach" label="reach">
                {formatNumber(party.reach)}
              </EvidenceLink>
            ),
          },
        ]}
      />
    </Panel>
  )
}

export function Measures({ party }: { party: PartyDetail }): ReactNode {
  return (
    <Panel title="Measures" about={`From ${plural(party.touchpointCount, 'touchpoint')}.`}>
      <Facts
        facts={party.measures.map((measure) => ({
          name: measure.name,
          value: (
            <EvidenceLink of={`measure:${measure.id}`} label={measure.name}>
              {measureText(measure, party.value.currency)}
            </EvidenceLink>
          ),
        }))}
      />
    </Panel>
  )
}

function measureText(measure: PartyDetail['measures'][number], currency: string): string {
  if (measure.value === null) return '–'
  if (typeof measure.value === 'string') return measure.value || '–'
  // The store keeps money in minor units; the unit of such a measure is its currency.
  if (measure.unit === currency) return formatMoney(measure.value, currency)
  return `${formatNumber(measure.value)}${measure.unit === '' ? '' : ` ${measure.unit}`}`
}
