import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { PartyDetail } from '../../src/domain/view.ts'
import { queries } from '../api.ts'
import { plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { Empty } from '../ui/states.tsx'
import { EvidenceLink } from './evidence-link.tsx'
import { formatMeasured } from './measure-words.ts'
import classes from './measures.module.css'

/** Every number that the model keeps for this party, each opening to its touchpoints. */
export function Measures({ party }: { party: PartyDetail }): ReactNode {
  const [search, setSearch] = useState('')
  const model = useQuery(queries.model()).data?.model
  const wanted = search.trim().toLowerCase()
  const shown = party.measures.filter(({ name, about }) =>
    `${name} ${about}`.toLowerCase().includes(wanted),
  )
  const textOf = ({ id, value, unit }: PartyDetail['measures'][number]): string => {
    if (value === null || value === '') return '–'
    if (typeof value === 'string') return value
    const { currency } = party.value
    return formatMeasured(value, { measure: model?.measures[id], unit, currency })
  }
  return (
    <Panel
      title="Measures"
      about={`What the model keeps, from ${plural(party.touchpointCount, 'touchpoint')}`}
      actions={<SearchField label="Search measures" value={search} onChange={setSearch} />}
    >
      {shown.length === 0 && <Empty title="No measure matches" />}
      <dl className={classes['grid']}>
        {shown.map((measure) => (
          <div key={measure.id} className={classes['measure']}>
            <dt>
              {measure.name}
              {measure.about !== '' && <span className={classes['about']}>{measure.about}</span>}
            </dt>
            <dd>
              <EvidenceLink of={`measure:${measure.id}`} label={measure.name}>
                {textOf(measure)}
              </EvidenceLink>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
