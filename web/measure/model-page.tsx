import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { queries, sayProblem } from '../api.ts'
import { Page } from '../ui/page.tsx'
import { Lines, WhenReady } from '../ui/states.tsx'
import { TabLinks } from '../ui/tab-links.tsx'
import { Ago } from '../ui/time.tsx'
import { ModelEditor } from './model-editor.tsx'
import { ModelReader } from './model-reader.tsx'

const tabs = [
  { id: 'read', name: 'What it says' },
  { id: 'edit', name: 'Edit' },
]

/** What counts, for how long, and what it means: readable, and as the file that it is. */
export function ModelPage(): ReactNode {
  const { tab = 'read' } = useSearch({ from: '/team/model' })
  const answer = useQuery(queries.model())
  return (
    <Page
      title="Model"
      heading={answer.data?.model.model ?? 'Model'}
      about={
        answer.data && (
          <>
            {answer.data.model.about} Version {answer.data.version}
            {answer.data.appliedAt !== null && (
              <>
                , applied <Ago at={answer.data.appliedAt} />
              </>
            )}
            {answer.data.appliedBy !== null && ` by ${answer.data.appliedBy}`}.
          </>
        )
      }
    >
      <TabLinks label="Parts of the model" tabs={tabs} current={tab} />
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={12} height={24} />}>
        {(current) =>
          tab === 'edit' ? (
            <ModelEditor key={String(current.version)} current={current} />
          ) : (
            <ModelReader model={current.model} />
          )
        }
      </WhenReady>
    </Page>
  )
}
