/** Possible duplicates, most likely first: merge them, or say that they are two. */
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import type {
  MergeSearchView,
  MergeSuggestionView,
} from '../../src/domain/merge-suggestion-view.ts'
import { sayProblem } from '../api.ts'
import { More } from '../ui/more.tsx'
import { formatCount, plural } from '../ui/number.ts'
import { Page } from '../ui/page.tsx'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { doUnlessUndone, tellFailure } from '../ui/toast.tsx'
import { Ago } from '../ui/time.tsx'
import { DuplicateCard } from './duplicate-card.tsx'
import { dismissDuplicate, duplicateQueries, useAccept, useSearch } from './duplicate-queries.ts'
import classes from './duplicates.module.css'

export function Duplicates({ above }: { above: ReactNode }): ReactNode {
  const answer = useInfiniteQuery(duplicateQueries.all())
  const search = useSearch()
  const first = answer.data?.pages[0]
  const isSearching = search.isPending || first?.search.running === true
  return (
    <Page
      title="Possible duplicates"
      above={above}
      about={
        <>
          <p>
            People who are probably one. Nothing is merged until you say so, and every merge can be
            undone.
          </p>
          {first && <LastSearch search={first.search} />}
        </>
      }
      actions={
        <Button variant="default" disabled={isSearching} onClick={() => search.mutate()}>
          {isSearching ? 'Searching…' : 'Search now'}
        </Button>
      }
    >
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={8} height={32} />}>
        {({ pages }) => (
          <>
            <List suggestions={pages.flatMap((page) => page.suggestions)} last={pages[0]?.search} />
            <More
              hasMore={answer.hasNextPage}
              fetching={answer.isFetchingNextPage}
              fetchMore={() => void answer.fetchNextPage()}
            />
          </>
        )}
      </WhenReady>
    </Page>
  )
}

function LastSearch({ search }: { search: MergeSearchView }): ReactNode {
  if (search.finishedAt === null) return null
  return (
    <p className={classes['note']}>
      Last search <Ago at={search.finishedAt} />: {plural(search.people, 'person', 'people')},{' '}
      {plural(search.compared, 'pair')} compared
      {search.leftOut > 0 && `, ${formatCount(search.leftOut)} values left out that too many share`}
      .
    </p>
  )
}

interface ListProps {
  readonly suggestions: readonly MergeSuggestionView[]
  readonly last: MergeSearchView | undefined
}

function List({ suggestions, last }: ListProps): ReactNode {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const hide = (id: string): void => setHidden((old) => old.union(new Set([id])))
  const show = (id: string): void => setHidden((old) => old.difference(new Set([id])))
  const accept = useAccept(({ id }) => show(id))
  const merge = (suggestion: MergeSuggestionView): void => {
    hide(suggestion.id)
    accept.mutate(suggestion)
  }
  const dismiss = ({ id }: MergeSuggestionView): void => {
    hide(id)
    doUnlessUndone(
      'Two people. They are not suggested again.',
      () => {
        dismissDuplicate(id).catch((error: unknown) => {
          show(id)
          tellFailure(sayProblem(error))
        })
      },
      () => show(id),
    )
  }
  const shown = suggestions.filter(({ id }) => !hidden.has(id))
  if (shown.length === 0) return <NoDuplicate last={last} />
  return (
    <>
      <p className={classes['note']}>
        Each point of evidence makes it twice as likely that it is one person; below zero, half as
        likely. Keys: j and k go through the list, m merges, d keeps two, p shows them as one.
      </p>
      <ul className={classes['list']} onKeyDown={moveFocus} aria-label="Possible duplicates">
        {shown.map((suggestion) => (
          <DuplicateCard
            key={suggestion.id}
            suggestion={suggestion}
            merge={() => {
              focusBeside()
              merge(suggestion)
            }}
            dismiss={() => {
              focusBeside()
              dismiss(suggestion)
            }}
          />
        ))}
      </ul>
    </>
  )
}

function NoDuplicate({ last }: { last: MergeSearchView | undefined }): ReactNode {
  if (last === undefined || last.finishedAt === null)
    return (
      <Empty title="Nobody has looked yet">
        <p>Once a day everybody is compared with everybody. Press “Search now” to begin.</p>
      </Empty>
    )
  return (
    <Empty title="Nobody looks like somebody else">
      <p>
        Names, mailboxes, phones, addresses and birthdays were compared. What comes in later is
        looked at within a day.
      </p>
    </Empty>
  )
}

const cards = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-duplicate]')]
const currentCard = (): HTMLElement | null =>
  document.activeElement?.closest<HTMLElement>('[data-duplicate]') ?? null

/** To the next card, or the one before. */
function moveFocus(event: KeyboardEvent): void {
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key]
  if (step === undefined || event.metaKey || event.ctrlKey || event.altKey) return
  const all = cards()
  const current = currentCard()
  const next = all[current ? all.indexOf(current) + step : 0]
  if (!next) return
  event.preventDefault()
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
}

/** The card that is decided goes: whoever uses the keyboard goes on with its neighbour. */
function focusBeside(): void {
  const all = cards()
  const current = currentCard()
  if (!current) return
  const place = all.indexOf(current)
  const next = all[place + 1] ?? all[place - 1]
  next?.focus()
}
