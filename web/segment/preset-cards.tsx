/** Questions of the field as cards, each a tree to begin with. */
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { sayProblem } from '../api.ts'
import { WhenReady } from '../ui/states.tsx'
import { segmentQueries } from './segment-queries.ts'
import classes from './segment-list.module.css'

export function PresetCards(): ReactNode {
  const answer = useQuery(segmentQueries.presets())
  const taken = new Set(useQuery(segmentQueries.all()).data?.segments.map(({ name }) => name))
  // What one has already is in the list above; a second one of that name is refused.
  const open = answer.data?.presets.filter(({ name }) => !taken.has(name))
  if (open?.length === 0) return null
  return (
    <section aria-labelledby="questions" className={classes['presets']}>
      <h2 id="questions">Start from a question</h2>
      <WhenReady answer={answer} says={sayProblem}>
        {() => (
          <ul className={classes['cards']}>
            {open?.map((preset) => (
              <li key={preset.id}>
                <Link to="/segments/new" search={{ preset: preset.id }} className={classes['card']}>
                  <h3>{preset.name}</h3>
                  <p>{preset.why}</p>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </WhenReady>
    </section>
  )
}
