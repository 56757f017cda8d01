import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { IdentityDecision } from '../answers.ts'
import { queries, sayProblem, send } from '../api.ts'
import { tell, tellFailure, tellUndo } from '../ui/toast.tsx'

const partyPath = (id: string): string => `/api/parties/${encodeURIComponent(id)}`

/** Takes a decision back: each side gets its own touchpoints and figures again. */
export function useUndo(partyId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (decisionId: string) =>
      send('POST', `/api/identity/decisions/${encodeURIComponent(decisionId)}/undo`),
    // Shown as undone at once; put back if the server refuses.
    onMutate: async (decisionId) => {
      const { queryKey } = queries.identity(partyId)
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData<{ decisions: IdentityDecision[] }>(queryKey)
      if (before) {
        client.setQueryData(queryKey, {
          decisions: before.decisions.map((decision) =>
            decision.id === decisionId ? { ...decision, undone: true } : decision,
          ),
        })
      }
      return { before }
    },
    onSuccess: () => tell('Undone. Both sides have their own figures again.'),
    onError: (error, _decisionId, context) => {
      if (context?.before) client.setQueryData(queries.identity(partyId).queryKey, context.before)
      tellFailure(sayProblem(error))
    },
    onSettled: () => refresh(client),
  })
}

async function refresh(client: ReturnType<typeof useQueryClient>): Promise<void> {
  await Promise.all(
    ['party', 'parties', 'ladder'].map((key) => client.invalidateQueries({ queryKey: [key] })),
  )
}

/** What a rule joined is parted by a split; what a hand did can be undone. */
export function isUndoable({ action, by, undone }: IdentityDecision): boolean {
  return (action === 'merge' || action === 'split') && by !== 'rule' && !undone
}

/** The parties that the identifiers now belong to. */
interface Outcome {
  readonly parties: readonly string[]
}

/** After a merge or split: offers to undo the newest decision of that kind. */
function useOffer(partyId: string) {
  const client = useQueryClient()
  const undo = useUndo(partyId)
  return async (action: 'merge' | 'split', message: string, outcome: Outcome): Promise<void> => {
    await refresh(client)
    // Of two merged parties one id lives on, and it need not be the one of this page.
    const living = outcome.parties[0] ?? partyId
    const { decisions } = await client.fetchQuery({ ...queries.identity(living), staleTime: 0 })
    const newest = decisions.find((decision) => decision.action === action && isUndoable(decision))
    if (newest) tellUndo(message, () => undo.mutate(newest.id))
    else tell(message)
  }
}

export function useMerge(partyId: string) {
  const offer = useOffer(partyId)
  return useMutation({
    mutationFn: (body: { otherId: string; reason: string }) =>
      send<Outcome>('POST', `${partyPath(partyId)}/merge`, body),
    onSuccess: (outcome) => offer('merge', 'Merged. The figures of both are now one.', outcome),
    onError: (error) => tellFailure(sayProblem(error)),
  })
}

export function useSplit(partyId: string) {
  const offer = useOffer(partyId)
  return useMutation({
    mutationFn: (subjectIds: string[]) =>
      send<Outcome>('POST', `${partyPath(partyId)}/split`, { subjectIds, reason: 'Split by hand' }),
    onSuccess: (outcome) => offer('split', 'Split off. Each has their own figures now.', outcome),
    onError: (error) => tellFailure(sayProblem(error)),
  })
}
