/** The pages of segments: where their room meets the list of people, kinds of touchpoints, reports. */
import { Button, Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense } from 'react'
import type { SegmentGroup, SegmentView } from '../../src/domain/segment-view.ts'
import { ApiProblem, queries, sayProblem } from '../api.ts'
import { kindGroups } from '../collect/kinds.ts'
import { words } from '../domain/words.ts'
import { PartyList } from '../measure/party-list.tsx'
import { Changes } from '../segment/changes.tsx'
import { useRemove } from '../segment/leaving.ts'
import { Overlap } from '../segment/overlap.tsx'
import { PresetCards } from '../segment/preset-cards.tsx'
import { SegmentList } from '../segment/segment-list.tsx'
import { changeSegment, makeSegment, segmentQueries } from '../segment/segment-queries.ts'
import { Freshness, StateMark, StateNote } from '../segment/segment-state.tsx'
import { useSentence } from '../segment/use-words.ts'
import { LinkButton } from '../ui/link-button.tsx'
import { formatCount } from '../ui/number.ts'
import { Page } from '../ui/page.tsx'
import { Empty, Failed, Lines, WhenReady } from '../ui/states.tsx'
import { TabLinks } from '../ui/tab-links.tsx'
import { tell, tellFailure, tellUndo } from '../ui/toast.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import classes from './party-page.module.css'

/** The builder is as large as all the rest of these pages: fetched when somebody edits. */
const SegmentEditor = lazy(async () => {
  const { SegmentEditor: Editor } = await import('../segment/segment-editor.tsx')
  return { default: Editor }
})
const fetching = <Lines count={8} height={32} />

/** Kinds in the groups in which a person looks for them, as the builder offers them. */
const kindsToPick = kindGroups.map(({ name, kinds }) => ({
  name,
  options: kinds.map((kind) => ({ value: kind, label: words(kind) })),
}))

export function SegmentsPage(): ReactNode {
  return (
    <Page
      title="Segments"
      about="Who fulfils your conditions: kept exact with every touchpoint, and as time passes."
      actions={<LinkButton to="/segments/new">New segment</LinkButton>}
    >
      <SegmentList />
      <PresetCards />
    </Page>
  )
}

const crumb = (
  <nav aria-label="Breadcrumb" className={classes['crumb']}>
    <Link to="/segments">Segments</Link>
  </nav>
)

const nothing: SegmentGroup = { combinator: 'and', rules: [] }

export function NewSegmentPage(): ReactNode {
  const { preset: wanted } = useSearch({ from: '/team/segments/new' })
  const answer = useQuery(segmentQueries.presets())
  const navigate = useNavigate()
  const preset = answer.data?.presets.find(({ id }) => id === wanted)
  const draft = {
    name: preset?.name ?? '',
    about: preset?.why ?? '',
    kind: preset?.kind ?? ('person' as const),
    tree: preset?.tree ?? nothing,
  }
  return (
    <Page
      title="New segment"
      above={crumb}
      about="Put conditions together, and see at once who fulfils them."
    >
      {wanted !== undefined && answer.isPending ? (
        <Lines count={6} height={32} />
      ) : (
        <Suspense fallback={fetching}>
          <SegmentEditor
            key={wanted}
            draft={draft}
            draftKey={`new ${wanted ?? ''}`}
            isNew
            kindGroups={kindsToPick}
            save={makeSegment}
            saved={({ id, name }) => {
              tell(`${name} is saved.`)
              void navigate({ to: '/segments/$segmentId', params: { segmentId: id } })
            }}
          />
        </Suspense>
      )}
    </Page>
  )
}

export function SegmentPage(): ReactNode {
  const { segmentId } = useParams({ from: '/team/segments/$segmentId' })
  const answer = useQuery(segmentQueries.one(segmentId))
  if (answer.error instanceof ApiProblem && answer.error.status === 404) return <NotFoundPage />
  if (!answer.data) {
    return (
      <Page title="Segment" above={crumb}>
        {answer.error ? (
          <Failed says={sayProblem(answer.error)} retry={() => void answer.refetch()} />
        ) : (
          <Lines count={10} height={24} />
        )}
      </Page>
    )
  }
  return <Segment segment={answer.data} />
}

const tabs = [
  { id: 'members', name: 'Members' },
  { id: 'changes', name: 'Changes' },
  { id: 'overlap', name: 'Overlap' },
  { id: 'edit', name: 'Conditions' },
]

function Segment({ segment }: { segment: SegmentView }): ReactNode {
  const { tab = 'members' } = useSearch({ from: '/team/segments/$segmentId' })
  const sentence = useSentence()
  return (
    <Page
      title={segment.name}
      above={crumb}
      heading={<span className={classes['name']}>{segment.name}</span>}
      about={
        <>
          {segment.about !== '' && <p>{segment.about}</p>}
          <p>{sentence(segment)}</p>
          <p className={classes['facts']}>
            <StateMark state={segment.state} />
            <span>
              {formatCount(segment.members)} {segment.kind === 'person' ? 'people' : 'accounts'}
            </span>
            <span>Version {segment.servingVersion ?? segment.version}</span>
            <Freshness segment={segment} />
          </p>
        </>
      }
      actions={<Actions segment={segment} />}
    >
      <StateNote segment={segment} />
      <TabLinks label={`Parts of ${segment.name}`} tabs={tabs} current={tab} />
      <Part segment={segment} tab={tab} />
    </Page>
  )
}

function Part({ segment, tab }: { segment: SegmentView; tab: string }): ReactNode {
  const navigate = useNavigate()
  const members = (): void => void navigate({ to: '.', search: {} } as never)
  if (tab === 'changes') return <Changes id={segment.id} />
  if (tab === 'overlap') return <Overlap segment={segment} />
  if (tab === 'edit') return <Edit segment={segment} done={members} />
  return (
    <PartyList
      filter={{ kind: segment.kind, segment: segment.id }}
      clear={members}
      whenNone={<Empty title="Nobody is inside now" />}
    />
  )
}

function Edit({ segment, done }: { segment: SegmentView; done: () => void }): ReactNode {
  const { id, name, about, tree, version } = segment
  return (
    <Suspense fallback={fetching}>
      <SegmentEditor
        // Another version, saved here or elsewhere, is begun from anew.
        key={version}
        draft={segment}
        isNew={false}
        draftKey={`${id} ${version}`}
        kindGroups={kindsToPick}
        save={(draft) => changeSegment(id, draft, version)}
        saved={(saved) => {
          tellUndo(`Saved as version ${saved.version}.`, () => {
            changeSegment(id, { name, about, tree }, saved.version)
              .then(() => tell('The conditions before are back, as a version of their own.'))
              .catch((error: unknown) => tellFailure(sayProblem(error)))
          })
          done()
        }}
      />
    </Suspense>
  )
}

function Actions({ segment }: { segment: SegmentView }): ReactNode {
  const reports = useQuery(queries.reports())
  const remove = useRemove()
  const navigate = useNavigate()
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">See in reports</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <WhenReady answer={reports} says={sayProblem} waiting={<Lines count={3} />}>
            {(listing) => (
              <>
                {listing.reports.map(({ id, title }) => (
                  <Menu.Item
                    key={id}
                    onClick={() =>
                      void navigate({
                        to: '/reports/$reportId',
                        params: { reportId: id },
                        search: { segment: segment.id },
                      })
                    }
                  >
                    {title}
                  </Menu.Item>
                ))}
              </>
            )}
          </WhenReady>
        </Menu.Dropdown>
      </Menu>
      <Button
        variant="default"
        onClick={() => {
          remove(segment)
          void navigate({ to: '/segments' })
        }}
      >
        Remove
      </Button>
    </>
  )
}
