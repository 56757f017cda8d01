/** The most common ways, of those who came there or of those who did not. */
import type { ReactNode } from 'react'
import type { PathsPicture } from '../../src/domain/reports/paths.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { BarList } from '../ui/chart/bar-list.tsx'
import { formatCount, formatNumber } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { StepChain } from './step-chain.tsx'
import { stepName } from './paths-words.ts'

const most = 10
const percent = (value: number): string =>
  `${formatNumber(value * 100, value > 0 && value < 0.1 ? 1 : 0)} %`

/** The grey bar is the other group, so that a way that everybody goes is seen to be one. */
export function PathsSequences(props: {
  readonly answer: ReportAnswer<PathsPicture>
  readonly which: 'sequences' | 'otherSequences'
}): ReactNode {
  const { answer, which } = props
  const { picture } = answer
  const isReached = which === 'sequences'
  return (
    <Panel
      title={isReached ? 'Common ways of those who came there' : 'Common ways of those who did not'}
      about={
        isReached
          ? 'Their last steps before. In grey: how common it is among those who did not.'
          : 'Their last steps before an equal cut. In grey: how common it is among those who came there.'
      }
    >
      <BarList
        label="Sequences by how common they are"
        comparedWith={isReached ? 'of those who did not' : 'of those who came there'}
        rows={picture[which].slice(0, most).map((one, index) => {
          const [share, other] = isReached
            ? [one.reachedShare, one.othersShare]
            : [one.othersShare, one.reachedShare]
          const people = formatCount(isReached ? one.reached : one.others)
          const typical =
            isReached && one.typicalDays !== null
              ? `, ${formatNumber(one.typicalDays, one.typicalDays < 10 ? 1 : 0)} d`
              : ''
          return {
            id: String(index),
            name: (
              <StepChain
                steps={one.steps.map((step) => stepName(step, picture.by))}
                isCut={one.isCut}
              />
            ),
            ...{ value: share.value, low: share.low, high: share.high },
            says: percent(share.value),
            note: `${people}${typical}`,
            compared: other.value,
            comparedSays: percent(other.value),
          }
        })}
      />
    </Panel>
  )
}
