/** The network in four figures, each with its interval or its support. */
import type { ReactNode } from 'react'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import type { NetworkPicture } from '../../src/domain/reports/network.ts'
import { formatCount, formatMoney, formatNumber, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Facts } from '../ui/facts.tsx'

interface NetworkFiguresProps {
  readonly picture: NetworkPicture
  readonly compared: ReportAnswer<NetworkPicture>['compared']
}

export function NetworkFigures({ picture, compared }: NetworkFiguresProps): ReactNode {
  const { kFactor, totals, currency } = picture
  const other = compared?.picture
  const against = (text: string | undefined): string =>
    compared && text !== undefined ? ` ${text} in ${compared.with}.` : ''
  const facts = [
    ...(kFactor
      ? [
          {
            name: 'K-factor of the period',
            value: formatNumber(kFactor.k.value, 3),
            note: `${formatNumber(kFactor.k.low, 3)} to ${formatNumber(kFactor.k.high, 3)}. ${kWords(kFactor.k)}${against(
              other?.kFactor ? formatNumber(other.kFactor.k.value, 3) : undefined,
            )}`,
          },
        ]
      : []),
    ...(kFactor?.conversion
      ? [
          {
            name: 'Invitations taken up',
            value: share(kFactor.conversion.value),
            note: `${formatCount(kFactor.newcomers)} of ${formatCount(kFactor.invitations)}; ${share(kFactor.conversion.low)} to ${share(kFactor.conversion.high)}.${against(
              other?.kFactor?.conversion ? share(other.kFactor.conversion.value) : undefined,
            )}`,
          },
        ]
      : []),
    {
      name: 'People brought by others',
      value: formatCount(totals.brought),
      note: `By ${plural(totals.bringers, 'person', 'people')}, ${formatNumber(totals.brought / totals.bringers)} each.${against(other && formatCount(other.totals.brought))}`,
    },
    {
      name: 'What they paid',
      value: formatMoney(totals.valueMinor, currency ?? ''),
      note: `Each counted once.${against(other && formatMoney(other.totals.valueMinor, other.currency ?? ''))}`,
    },
  ]
  return (
    <Panel title="In figures">
      <Facts facts={facts} large />
    </Panel>
  )
}

const share = (value: number): string => `${formatNumber(value * 100, 0)} %`

function kWords({ low, high }: { low: number; high: number }): string {
  if (low >= 1) return 'Above 1: it grows by itself.'
  return high < 1
    ? 'Below 1: it helps growth, and does not carry it alone.'
    : 'It may be above or below 1.'
}
