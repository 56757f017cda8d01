/** The trust account of everybody: what filled and drained it, incidents, answers. */
import type { ReactNode } from 'react'
import type { TrustPicture } from '../../src/domain/reports/trust.ts'
import type { TrustPartProps } from './trust-part.ts'
import { formatNumber, formatSigned } from '../ui/number.ts'
import { Facts } from '../ui/facts.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Panel, Stack } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { ReportFrame } from './report-frame.tsx'
import { TrustAnswers } from './trust-answers.tsx'
import { FlowBars } from './trust-flow-bars.tsx'
import { TrustIncidents } from './trust-incidents.tsx'
import { TrustLines } from './trust-lines.tsx'

export function TrustPage(): ReactNode {
  return (
    <ReportFrame<TrustPicture>
      id="trust"
      title="Deposits and withdrawals"
      about="What filled and drained the trust account, what slow answers cost, and which days broke it."
      controls={(search, change) => (
        <Pick
          label="Broken down by"
          options={[
            { value: 'because', label: 'By reason' },
            { value: 'kind', label: 'By kind of touchpoint' },
            { value: 'channel', label: 'By channel' },
            { value: 'source', label: 'By source' },
            { value: 'topic', label: 'By topic' },
          ]}
          value={search['by'] ?? 'because'}
          onChange={(by) => change({ by: by === 'because' ? undefined : by })}
        />
      )}
    >
      {(answer) => <Trust answer={answer} />}
    </ReportFrame>
  )
}

function Trust({ answer }: TrustPartProps): ReactNode {
  const { lines, incidents, opening } = answer.picture
  if (lines.length === 0 && incidents.length === 0 && opening === 0) {
    return (
      <Panel title="The account">
        <Empty title="Nothing was paid in or taken out">
          <p>
            Reviews, answers, promises and tickets move the account: send them as events, or look at
            what the model counts.
          </p>
          <LinkButton to="/model">Open the model</LinkButton>
        </Empty>
      </Panel>
    )
  }
  return (
    <>
      <Account answer={answer} />
      <TrustIncidents incidents={answer.picture.incidents} />
      <TrustLines answer={answer} />
      <TrustAnswers answer={answer} />
    </>
  )
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)

function Account({ answer: { picture, compared } }: TrustPartProps): ReactNode {
  const { opening, deposits, withdrawals, balance, faded, steps, people } = picture
  const closing = balance.at(-1) ?? opening
  const net = faded.withdrawals - faded.deposits
  return (
    <Panel
      title="The account"
      about="All trust balances together, in points as the model weighs them."
    >
      <Stack>
        <Facts
          large
          facts={[
            { name: 'Balance before', value: formatNumber(opening, 0) },
            { name: 'Deposits', value: formatSigned(sum(deposits), 0) },
            { name: 'Withdrawals', value: formatSigned(-sum(withdrawals), 0) },
            { name: 'Faded with time', value: formatSigned(net, 0) },
            {
              name: 'Balance now',
              value: formatNumber(closing, 0),
              note: people > 0 ? `${formatNumber(closing / people)} a person` : undefined,
            },
          ]}
        />
        <LineChart
          label="Balance of all trust accounts."
          at={steps}
          height={200}
          format={(value) => formatNumber(value, 0)}
          series={[
            { id: 'balance', name: 'Balance', values: balance },
            ...(compared
              ? [
                  {
                    id: 'compared',
                    name: compared.with,
                    values: compared.picture.balance.slice(0, steps.length),
                    isCompared: true,
                  },
                ]
              : []),
          ]}
        />
      </Stack>
      <FlowBars {...{ steps, deposits, withdrawals }} days={picture.stepDays} />
    </Panel>
  )
}
