/** What the page of possible duplicates asks of the server. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type {
  MergePreview,
  MergeSearchView,
  MergeSuggestionPage,
  MergeSuggestionView,
} from '../../src/domain/merge-suggestion-view.ts'
import { queries, read, readPages, sayProblem, send } from '../api.ts'
import { tell, tellFailure, tellUndo } from '../ui/toast.tsx'
import { isUndoable } from './use-identity.ts'

const path = '/api/merge-suggestions'
const pathOf = (id: string): string => `${path}/${encodeURIComponent(id)}`
/** While a search is under way it is looked at again so often. */
const searchingMs = 2_000

interface Pages {
  readonly pages: readonly MergeSuggestionPage[]
}

export const duplicateQueries = {
  all: () => ({
    ...readPages<MergeSuggestionPage>(['duplicates'], path, { limit: 25 }),
    refetchInterval: (query: { state: { data?: Pages | undefined } }) =>
      query.state.data?.pages[0]?.search.running === true ? searchingMs : false,
  }),
  /** How many there are, for the link that leads there. */
  count: () => ({
    ...read<MergeSuggestionPage>(['duplicates', 'count'], path, { limit: 1 }),
    staleTime: 60_000,
  }),
  preview: (id: string) =>
    read<MergePreview>(['duplicates', 'preview', id], `${pathOf(id)}/preview`),
}

export function useSearch() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => send<MergeSearchView>('POST', `${path}/search`, {}),
    onError: (error) => tellFailure(sayProblem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['duplicates'] }),
  })
}

export const dismissDuplicate = (id: string): Promise<null> =>
  send('POST', `${pathOf(id)}/dismiss`, {})

/** Everything that shows people, once two of them became one or one became two. */
function useRefresh() {
  const client = useQueryClient()
  return async (): Promise<void> => {
    await Promise.all(
      ['duplicates', 'party', 'parties', 'ladder'].map((key) =>
        client.invalidateQueries({ queryKey: [key] }),
      ),
    )
  }
}

/** Merges the two, and offers to take it back. */
export function useAccept(failed: (suggestion: MergeSuggestionView) => void) {
  const client = useQueryClient()
  const refresh = useRefresh()
  const undo = async (decisionId: string): Promise<void> => {
    try {
      await send('POST', `/api/identity/decisions/${encodeURIComponent(decisionId)}/undo`, {})
      tell('Undone. Both have their own figures again, and are not suggested any more.')
    } catch (error) {
      tellFailure(sayProblem(error))
    }
    await refresh()
  }
  return useMutation({
    mutationFn: ({ id }: MergeSuggestionView) =>
      send<{ parties: string[] }>('POST', `${pathOf(id)}/accept`, {}),
    onSuccess: async ({ parties }) => {
      const message = 'Merged. The figures of both are now one.'
      const living = parties[0] ?? ''
      const { decisions } = await client.fetchQuery({ ...queries.identity(living), staleTime: 0 })
      const newest = decisions.find((one) => one.action === 'merge' && isUndoable(one))
      if (newest) tellUndo(message, () => void undo(newest.id))
      else tell(message)
      await refresh()
    },
    onError: (error, suggestion) => {
      failed(suggestion)
      tellFailure(sayProblem(error))
    },
  })
}
