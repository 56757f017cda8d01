import { useQueryClient } from '@tanstack/react-query'
import { sayProblem, send } from '../api.ts'
import { tellFailure } from '../ui/toast.tsx'

/** Signs out and forgets everything that was fetched. */
export function useSignOut(): () => void {
  const client = useQueryClient()
  return () => {
    send('POST', '/api/auth/sign-out', {})
      .then(() => {
        client.clear()
        location.assign('/sign-in')
      })
      .catch((error: unknown) => tellFailure(sayProblem(error)))
  }
}
