/** All methods side by side: where they agree, the answer does not hang on the convention. */
import type { ReactNode } from 'react'
import type { AttributionPicture } from '../../src/domain/reports/attribution.ts'
import { HeatTable } from '../ui/chart/heat-table.tsx'
import { formatNumber, formatShare } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Name } from './attribution-credit.tsx'
import { methodWords } from './attribution-words.ts'

const most = 20

export function AttributionMethods({ picture }: { picture: AttributionPicture }): ReactNode {
  const { channels, methods, totals } = picture
  return (
    <Panel
      title="All methods side by side"
      about="Share of all outcomes. Each column adds up to 100 % with what no touch went before: no outcome is counted twice."
    >
      <HeatTable
        label="Share of all outcomes by channel and method"
        corner="Channel"
        columns={methods.map((method) => methodWords[method])}
        rows={[
          ...channels.slice(0, most).map((channel) => ({
            id: channel.name,
            name: <Name channel={channel} />,
            cells: channel.credits.map(({ outcomes, low, high, method }) => ({
              value: outcomes,
              says: formatShare(outcomes, totals.outcomes),
              title: `${methodWords[method]}: ${formatNumber(outcomes, 1)} outcomes${low !== null && high !== null ? `, ${formatNumber(low, 1)} to ${formatNumber(high, 1)}` : ''}`,
            })),
          })),
          ...(channels.length > most
            ? [
                {
                  id: 'others',
                  name: `${channels.length - most} others`,
                  cells: methods.map((_, m) => {
                    const rest = channels
                      .slice(most)
                      .reduce((sum, { credits }) => sum + (credits[m]?.outcomes ?? 0), 0)
                    return { value: rest, says: formatShare(rest, totals.outcomes), isFaint: true }
                  }),
                },
              ]
            : []),
          {
            id: 'nobody',
            name: 'No touch before',
            cells: methods.map(() => ({
              value: 0,
              says: formatShare(totals.unattributed, totals.outcomes),
              isFaint: true,
            })),
          },
        ]}
      />
    </Panel>
  )
}
