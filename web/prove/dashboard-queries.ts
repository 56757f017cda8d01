/** What dashboards and pins ask of the server. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { DashboardList, DashboardView, PinView } from '../../src/domain/dashboard-view.ts'
import { read, readKept, send, sayProblem } from '../api.ts'
import { tellFailure } from '../ui/toast.tsx'
import type { ReportSearch } from './report-search.ts'

const path = (id: string): string => `/api/dashboards/${encodeURIComponent(id)}`

export const dashboardQueries = {
  all: () => readKept<DashboardList>(['dashboards'], '/api/dashboards'),
  one: (id: string) => read<DashboardView>(['dashboard', id], path(id)),
}

/** What is kept of an address: no parameter that is not said. */
export const queryOf = (search: ReportSearch): Record<string, string> =>
  Object.fromEntries(
    Object.entries(search).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

export interface NewPin extends Pick<PinView, 'report' | 'title' | 'query' | 'wide'> {
  readonly position?: number
}

export const makeDashboard = (name: string): Promise<DashboardView> =>
  send('POST', '/api/dashboards', { name })
export const addPin = (id: string, pin: NewPin): Promise<PinView> =>
  send('POST', `${path(id)}/pins`, pin)

/** A change of dashboards: what shows them is asked again after it, also where it failed. */
export function useDashboardChange<Given, Answer>(
  change: (given: Given) => Promise<Answer>,
  done?: (answer: Answer, given: Given) => void,
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (answer, given) => done?.(answer, given),
    onError: (error) => tellFailure(sayProblem(error)),
    onSettled: () =>
      Promise.all(
        [['dashboards'], ['dashboard']].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  })
}

export const dashboardChanges = {
  rename: ({ id, name }: { id: string; name: string }): Promise<DashboardView> =>
    send('PUT', path(id), { name }),
  remove: (id: string): Promise<null> => send('DELETE', path(id)),
  restore: (id: string): Promise<DashboardView> => send('POST', `${path(id)}/restore`),
  order: ({ id, ids }: { id: string; ids: readonly string[] }): Promise<DashboardView> =>
    send('PUT', `${path(id)}/pins/order`, { ids }),
  changePin: ({
    id,
    pin,
  }: {
    id: string
    pin: Omit<PinView, 'report' | 'query'>
  }): Promise<DashboardView> =>
    // prettier-ignore
    send('PUT', `${path(id)}/pins/${pin.id}`, { title: pin.title, wide: pin.wide }),
  removePin: ({ id, pin }: { id: string; pin: string }): Promise<null> =>
    send('DELETE', `${path(id)}/pins/${pin}`),
  pin: ({ id, pin }: { id: string; pin: NewPin }): Promise<PinView> => addPin(id, pin),
}
