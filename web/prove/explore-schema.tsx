/** What can be asked: views, columns with their types, and questions to begin with. */
import type { ReactNode } from 'react'
import type { ExploreSchema } from '../../src/domain/explore-view.ts'
import { Panel } from '../ui/page.tsx'
import type { SavedQuestion } from './saved-questions.ts'
import classes from './explore.module.css'

interface BrowserProps {
  readonly schema: ExploreSchema
  readonly saved: readonly SavedQuestion[]
  /** Takes a question into the editor and asks it. */
  readonly take: (sql: string) => void
  /** Writes a name where the cursor stands. */
  readonly insert: (name: string) => void
  readonly forget: (name: string) => void
}

export function SchemaBrowser({ schema, saved, take, insert, forget }: BrowserProps): ReactNode {
  return (
    <div className={classes['side']}>
      {saved.length > 0 && (
        <Panel title="Kept questions">
          <ul className={classes['questions']}>
            {saved.map(({ name, sql }) => (
              <li key={name}>
                <button type="button" onClick={() => take(sql)}>
                  {name}
                </button>
                <button type="button" aria-label={`Forget ${name}`} onClick={() => forget(name)}>
                  ×
                </button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title="Questions to begin with">
        <ul className={classes['questions']}>
          {schema.examples.map(({ title, sql }) => (
            <li key={title}>
              <button type="button" onClick={() => take(sql)}>
                {title}
              </button>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title="What can be asked" about="Press a name to write it into the question.">
        {schema.views.map((view) => (
          <details key={view.name} className={classes['view']}>
            <summary>
              <code>{view.name}</code> {view.about}
            </summary>
            <dl>
              {view.columns.map(({ name, type, about }) => (
                <div key={name}>
                  <dt>
                    <button type="button" onClick={() => insert(name)}>
                      <code>{name}</code>
                    </button>
                    <span className={classes['type']}>{plainType(type)}</span>
                  </dt>
                  <dd>{about}</dd>
                </div>
              ))}
            </dl>
          </details>
        ))}
      </Panel>
    </div>
  )
}

/** Wrappings that say how a column is kept, not what it holds. */
const plainType = (type: string): string =>
  type.replace(/LowCardinality\((.*)\)/, '$1').replace(/Nullable\((.*)\)/, '$1 or null')
