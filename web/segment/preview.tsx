/** How many the tree holds right now, and some of them: asked again while one edits. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { SegmentGroup, SegmentPreview } from '../../src/domain/segment-view.ts'
import { ApiProblem, sayProblem } from '../api.ts'
import { PartyLink } from '../domain/party-link.tsx'
import { formatCount, formatShare, plural } from '../ui/number.ts'
import { Bar } from '../ui/picture.tsx'
import { Failed, Lines } from '../ui/states.tsx'
import { type PartyKind, segmentQueries } from './segment-queries.ts'
import classes from './segment-editor.module.css'

export function usePreview(kind: PartyKind, tree: SegmentGroup) {
  const answer = useQuery({ ...segmentQueries.preview(kind, tree), enabled: tree.rules.length > 0 })
  const faults =
    answer.error instanceof ApiProblem && answer.error.code === 'invalid_segment'
      ? answer.error.faults
      : []
  return { answer, faults }
}

interface PreviewProps {
  readonly preview: ReturnType<typeof usePreview>
  readonly kind: PartyKind
  readonly isEmpty: boolean
  readonly isBehind: boolean
}

export function Preview({ preview, kind, isEmpty, isBehind }: PreviewProps): ReactNode {
  const { answer, faults } = preview
  if (isEmpty) {
    return <p className={classes['hint']}>Add a condition, and the count appears here.</p>
  }
  if (faults.length > 0) {
    return (
      <p className={classes['hint']} role="status">
        {plural(faults.length, 'condition')} to mend first: see {faults.length === 1 ? 'it' : 'them'}{' '}
        marked in the builder.
      </p>
    )
  }
  if (answer.error) return <Failed says={sayProblem(answer.error)} retry={() => void answer.refetch()} />
  if (!answer.data) return <Lines count={4} />
  return <Counted preview={answer.data} kind={kind} isBehind={isBehind || answer.isPlaceholderData} />
} // prettier-ignore

function Counted(props: {
  readonly preview: SegmentPreview
  readonly kind: PartyKind
  readonly isBehind: boolean
}): ReactNode {
  const { preview, kind, isBehind } = props
  const who = kind === 'person' ? 'people' : 'accounts'
  return (
    <div className={classes['preview']} data-stale={isBehind || undefined}>
      <div role="status">
        <p className={classes['count']}>
          <strong>
            {preview.exact ? '' : '≈ '}
            {formatCount(preview.count)}
          </strong>{' '}
          of {formatCount(preview.parties)} {who}, {formatShare(preview.count, preview.parties)}
        </p>
        <Bar value={preview.count} of={preview.parties} />
        <p className={classes['hint']}>
          {preview.exact
            ? `Exact, counted in ${formatCount(preview.milliseconds)} ms.`
            : `Estimated from ${formatCount(preview.looked)} in ${formatCount(preview.milliseconds)} ms: between ${formatCount(preview.low)} and ${formatCount(preview.high)} with 95 % certainty.`}
          {!preview.final && ' Counting everybody…'}
        </p>
      </div>
      {preview.sample.length > 0 && (
        <div>
          <h3>For example</h3>
          <ul className={classes['sample']}>
            {preview.sample.slice(0, 8).map((party) => (
              <li key={party.id}>
                <PartyLink party={party} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
