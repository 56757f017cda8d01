/** Segments that are being removed: out of sight at once, gone when the time to undo is over. */
import { useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { sayProblem } from '../api.ts'
import { doUnlessUndone, tellFailure } from '../ui/toast.tsx'
import { removeSegment } from './segment-queries.ts'

let leaving: ReadonlySet<string> = new Set()
const listeners = new Set<() => void>()

function set(next: ReadonlySet<string>): void {
  leaving = next
  for (const listener of listeners) listener()
}

export function useLeaving(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => leaving,
  )
}

export function useRemove(): (segment: { id: string; name: string }) => void {
  const client = useQueryClient()
  return ({ id, name }) => {
    const back = (): void => set(leaving.difference(new Set([id])))
    set(leaving.union(new Set([id])))
    doUnlessUndone(
      `Removed ${name}`,
      () => {
        removeSegment(id)
          .catch((error: unknown) => tellFailure(sayProblem(error)))
          .finally(() => void client.invalidateQueries({ queryKey: ['segments'] }).then(back))
      },
      back,
    )
  }
}
