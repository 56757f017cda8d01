/** What the sending of reports asks of the server. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { DeliveryView, ScheduleDraft, ScheduleList, ScheduleView } from '../../src/domain/schedule-view.ts' // prettier-ignore
import { readKept, send, sayProblem } from '../api.ts'
import { tellFailure } from '../ui/toast.tsx'

const path = (id: string): string => `/api/report-schedules/${encodeURIComponent(id)}`
/** While something is on its way it is looked at again so often. */
const sendingMs = 1_500

const isOnItsWay = ({ last }: ScheduleView): boolean =>
  last !== null && (last.state === 'waiting' || last.state === 'sending')

export const scheduleQueries = {
  of: (report: string) => ({
    ...readKept<ScheduleList>(['report-schedules', report], '/api/report-schedules', { report }),
    refetchInterval: (query: { state: { data?: ScheduleList | undefined } }) =>
      query.state.data?.schedules.some(isOnItsWay) === true ? sendingMs : false,
  }),
}

export function useScheduleChange<Given, Answer>(
  change: (given: Given) => Promise<Answer>,
  done?: (answer: Answer, given: Given) => void,
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (answer, given) => done?.(answer, given),
    onError: (error) => tellFailure(sayProblem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['report-schedules'] }),
  })
}

export const scheduleChanges = {
  /** Made anew where it has no id. */
  save: ({ id, draft }: { id: string | null; draft: ScheduleDraft }): Promise<ScheduleView> =>
    id === null ? send('POST', '/api/report-schedules', draft) : send('PUT', path(id), draft),
  remove: (id: string): Promise<null> => send('DELETE', path(id)),
  restore: (id: string): Promise<ScheduleView> => send('POST', `${path(id)}/restore`),
  sendNow: (id: string): Promise<DeliveryView> => send('POST', `${path(id)}/send`),
}

/** What is changed of a schedule: all but what the server adds. */
export function draftOf(schedule: ScheduleView): ScheduleDraft {
  const { id: _id, nextAt: _next, createdAt: _at, createdBy: _by, secret: _secret, last: _last, ...draft } = schedule // prettier-ignore
  return draft
}
