import type { ReactNode } from 'react'
import type { PartyDetail } from '../../src/domain/view.ts'
import { formatNumber } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Bar } from '../ui/picture.tsx'
import classes from './dimensions.module.css'
import { EvidenceLink } from './evidence-link.tsx'

type Dimension = PartyDetail['dimensionDetails'][number]

/** Each dimension is 0..100: half of it is reached at the total that the model names. */
export function Dimensions({ dimensions }: { dimensions: readonly Dimension[] }): ReactNode {
  return (
    <Panel title="Dimensions" about="Each from 0 to 100. Open a number to see what made it.">
      <ul className={classes['list']}>
        {dimensions.map((dimension) => (
          <DimensionRow key={dimension.id} dimension={dimension} />
        ))}
      </ul>
    </Panel>
  )
}

function DimensionRow({ dimension }: { dimension: Dimension }): ReactNode {
  const counted = dimension.terms.filter((term) => term.part !== 0)
  return (
    <li>
      <div className={classes['row']}>
        <span className={classes['name']} title={dimension.about}>
          {dimension.name}
        </span>
        <Bar value={dimension.score} of={100} />
        <span className={classes['score']}>
          <EvidenceLink of={`dimension:${dimension.id}`} label={dimension.name}>
            {formatNumber(dimension.score, 0)}
          </EvidenceLink>
        </span>
      </div>
      {counted.length > 0 && (
        <p className={classes['terms']}>
          {counted.map((term, index) => (
            <span key={`${term.of} ${index}`}>
              {index > 0 && ' + '}
              {term.name}{' '}
              <EvidenceLink of={term.of} label={term.name}>
                {formatNumber(term.value)}
              </EvidenceLink>
              {term.times !== 1 && ` × ${formatNumber(term.times, 2)}`}
            </span>
          ))}
        </p>
      )}
    </li>
  )
}
