/** The most common ways, of those who came there or of those who did not. */
import type { ReactNode } from 'react'
import type { PathsPicture } from '../../src/domain/reports/paths.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { BarList } from '../ui/chart/bar-list.tsx'
import { formatNumber, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { StepChain } from './step-chain.tsx'
import { stepName } from './paths-words.ts'

type Sequence = PathsPicture['sequences'][number]

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
  const countOf = (one: Sequence): number => (isReached ? one.reached : one.others)
  // A way that one person went is a story, not a pattern.
  const shown = picture[which].filter((one) => countOf(one) > 1).slice(0, most)
  return (
    <Panel
      title={isReached ? 'Common ways of those who came there' : 'Common ways of those who did not'}
      about={
        isReached
          ? 'Their last steps before, and the typical time from the first of them. In grey: how common it is among those who did not.'
          : 'Their last steps before an equal cut. In grey: how common it is among those who came there.'
      }
    >
      {shown.length === 0 && (
        <Empty title="No two people took the same steps">Show fewer steps.</Empty>
      )}
      <BarList
        label="Sequences by how common they are"
        comparedWith={isReached ? 'of those who did not' : 'of those who came there'}
        rows={shown.map((one, index) => {
          const [share, other] = isReached
            ? [one.reachedShare, one.othersShare]
            : [one.othersShare, one.reachedShare]
          const people = plural(countOf(one), 'person', 'people')
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
