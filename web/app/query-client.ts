/** What was read of the server: kept a while, asked again where the network failed. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiProblem, queries } from '../api.ts'

/** Trying again helps when the network failed, not when the server has answered with a reason. */
function worthRetrying(count: number, error: unknown): boolean {
  return count < 2 && !(error instanceof ApiProblem && error.status < 500)
}

/** @param onSignedOut  the server knows us no more: the routes are to look again who may see them */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown): void => {
    if (error instanceof ApiProblem && error.code === 'unauthorized') {
      queryClient.setQueryData(queries.session().queryKey, { user: null, firstRun: false })
      onSignedOut()
    }
  }
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: { queries: { staleTime: 10_000, retry: worthRetrying } },
  })
  return queryClient
}
