/** The most common paths to the outcome, and of those who did not come to it. */
import type { ReactNode } from 'react'
import type { AttributionPicture } from '../../src/domain/reports/attribution.ts'
import { BarList } from '../ui/chart/bar-list.tsx'
import { formatCount, formatNumber } from '../ui/number.ts'
import { Columns, Panel } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { StepChain } from './step-chain.tsx'

type Path = AttributionPicture['won'][number]

const percent = (share: number): string => `${formatNumber(share * 100, 1)} %`

export function AttributionPaths({ picture }: { picture: AttributionPicture }): ReactNode {
  return (
    <Columns>
      <Paths title="Paths to the outcome" paths={picture.won} countOf={({ reached }) => reached} />
      <Paths
        title="Paths that led nowhere (yet)"
        paths={picture.lost}
        countOf={({ others }) => others}
      />
    </Columns>
  )
}

function Paths(props: {
  readonly title: string
  readonly paths: readonly Path[]
  readonly countOf: (path: Path) => number
}): ReactNode {
  const { title, paths, countOf } = props
  return (
    <Panel title={title} about="Beside each: the share of all who took it that came to the outcome.">
      {paths.length === 0 ? (
        <Empty title="None in this period" />
      ) : (
        <BarList
          label={title}
          rows={paths.map((path) => ({
            id: `${path.isCut ? '…' : ''}${path.steps.join(' > ')}`,
            name: <StepChain steps={path.steps} isCut={path.isCut} />,
            value: countOf(path),
            says: formatCount(countOf(path)),
            note: `${percent(path.rate.value)} (${percent(path.rate.low)} to ${percent(path.rate.high)})`,
          }))}
        />
      )}
    </Panel>
  )
} // prettier-ignore
