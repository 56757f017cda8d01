/** The credit by one method, and beside it what became of those whom each channel touched. */
import type { ReactNode } from 'react'
import type { AttributionPicture } from '../../src/domain/reports/attribution.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { BarList } from '../ui/chart/bar-list.tsx'
import { Facts } from '../ui/facts.tsx'
import { formatCount, formatMoney, formatNumber, formatShare } from '../ui/number.ts'
import { Columns, Panel } from '../ui/page.tsx'
import { methodMeanings, methodWords } from './attribution-words.ts'
import classes from './conversion.module.css'

type Channel = AttributionPicture['channels'][number]

const most = 16
const percent = (share: number): string => `${formatNumber(share * 100, 1)} %`

export function AttributionCredit({
  answer,
}: {
  answer: ReportAnswer<AttributionPicture>
}): ReactNode {
  const { picture, compared } = answer
  const { method, methods, totals } = picture
  const place = methods.indexOf(method)
  const shown = picture.channels.slice(0, most)
  const before = new Map(compared?.picture.channels.map((one) => [one.name, one]))
  return (
    <>
      <Panel title={picture.outcome}>
        <Summary picture={picture} />
      </Panel>
      <Columns>
        <Panel
          title={`Credit by ${methodWords[method]}`}
          about={`${methodMeanings[method]} Of ${formatCount(totals.outcomes - totals.unattributed)} outcomes with a touch before them${compared ? `; grey: ${compared.with}` : ''}.`}
        >
          <BarList
            label={`Credit by ${methodWords[method]}`}
            {...(compared ? { comparedWith: compared.with } : {})}
            rows={shown.map((channel) => {
              const credit = channel.credits[place]
              const other = before.get(channel.name)?.credits[place]?.outcomes
              return {
                id: channel.name,
                name: <Name channel={channel} />,
                value: credit?.outcomes ?? 0,
                says: formatNumber(credit?.outcomes ?? 0, 1),
                note: noteOf(channel, place, picture),
                ...(credit && credit.low !== null && credit.high !== null
                  ? { low: credit.low, high: credit.high }
                  : {}),
                ...(compared
                  ? { compared: other ?? 0, comparedSays: formatNumber(other ?? 0, 1) }
                  : {}),
              }
            })}
          />
        </Panel>
        <Panel
          title="What became of those they touched"
          about="Of the people with such a touch, the share that came to the outcome. Lines are 95 % intervals. A channel with many touches and a low share only looks good."
        >
          <BarList
            label="Share of the people touched that came to the outcome"
            {...(compared ? { comparedWith: compared.with } : {})}
            rows={shown.map((channel) => {
              const { name, rate, reached, paths } = channel
              const other = before.get(name)?.rate
              return {
                id: name,
                name: <Name channel={channel} />,
                value: rate?.value ?? 0,
                says: percent(rate?.value ?? 0),
                note: `${formatCount(reached)} of ${formatCount(paths)}`,
                ...(rate ? { low: rate.low, high: rate.high } : {}),
                ...(other ? { compared: other.value, comparedSays: percent(other.value) } : {}),
              }
            })}
          />
        </Panel>
      </Columns>
    </>
  )
}

/** The channel, with the words that tell it from others: by whom, and what it costs. */
export function Name({ channel }: { channel: Pick<Channel, 'name' | 'by' | 'paid'> }): ReactNode {
  const marks = [channel.by, channel.paid].filter((mark) => mark !== null)
  return (
    <>
      {channel.name}
      {marks.length > 0 && <span className={classes['note']}>{marks.join(', ')}</span>}
    </>
  )
}

function noteOf(channel: Channel, place: number, picture: AttributionPicture): string {
  const credit = channel.credits[place]
  const { totals, currency } = picture
  return [
    formatShare(credit?.outcomes ?? 0, totals.outcomes),
    ...(credit && credit.low !== null && credit.high !== null
      ? [`${formatNumber(credit.low, 1)} to ${formatNumber(credit.high, 1)}`]
      : []),
    ...(currency !== '' && credit ? [formatMoney(Math.round(credit.value), currency)] : []),
  ].join(', ')
}

function Summary({ picture }: { picture: AttributionPicture }): ReactNode {
  const { totals, currency } = picture
  return (
    <Facts
      large
      facts={[
        {
          name: 'Outcomes',
          value: formatCount(totals.outcomes),
          ...(currency === '' ? {} : { note: `worth ${formatMoney(totals.value, currency)}` }),
        },
        {
          name: 'With no touch before',
          value: formatCount(totals.unattributed),
          note: 'nobody is credited',
        },
        {
          name: 'Touched, no outcome',
          value: formatCount(totals.others),
        },
        { name: 'Different paths', value: formatCount(totals.distinctPaths) },
      ]}
    />
  )
}
