import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ImportView } from '../../src/domain/import-view.ts'
import { queries, sayProblem, send } from '../api.ts'
import { words } from '../domain/words.ts'
import { Tag } from '../ui/facts.tsx'
import { formatBytes, formatCount, formatShare } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Bar } from '../ui/picture.tsx'
import { Empty, WhenReady } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { tellFailure } from '../ui/toast.tsx'
import classes from './import-page.module.css'

const isRunning = (job: ImportView): boolean => job.state === 'running'
/** How often a running import is looked at. */
const watchMs = 1_000

export function ImportJobs(): ReactNode {
  const answer = useQuery({
    ...queries.imports(),
    refetchInterval: ({ state }) => (state.data?.imports.some(isRunning) ? watchMs : false),
  })
  return (
    <Panel title="Imports" flush>
      <WhenReady answer={answer} says={sayProblem}>
        {({ imports }) =>
          imports.length === 0 ? (
            <div className={classes['empty']}>
              <Empty title="Nothing imported yet">
                <p>Choose a file above. A stopped import goes on where it was.</p>
              </Empty>
            </div>
          ) : (
            <ul>
              {imports.map((job) => (
                <Job key={job.id} job={job} />
              ))}
            </ul>
          )
        }
      </WhenReady>
    </Panel>
  )
}

function Job({ job }: { job: ImportView }): ReactNode {
  return (
    <li className={classes['job']}>
      <div className={classes['jobHead']}>
        <span className={classes['fileName']}>{job.fileName}</span>
        <span className={classes['actions']}>
          <PauseOrGoOn job={job} />
          <Tag {...(job.state === 'failed' ? { tone: 'bad' } : {})}>{words(job.state)}</Tag>
          <Ago at={job.startedAt} />
        </span>
      </div>
      {(isRunning(job) || job.state === 'paused') && (
        <div>
          <Bar value={job.bytesDone} of={job.bytesTotal} />
          <p className={classes['note']}>
            {formatBytes(job.bytesDone)} of {formatBytes(job.bytesTotal)} (
            {formatShare(job.bytesDone, job.bytesTotal)})
          </p>
        </div>
      )}
      <p>
        {formatCount(job.rows)} rows: {formatCount(job.accepted)} accepted,{' '}
        {formatCount(job.duplicate)} repeated, {formatCount(job.rejected)} rejected
        {job.skipped > 0 && `, ${formatCount(job.skipped)} skipped`}{' '}
        {job.hasErrorFile && (
          <a
            className={classes['link']}
            href={`/api/imports/${encodeURIComponent(job.id)}/errors.csv`}
            download
          >
            Download the rejected rows
          </a>
        )}
      </p>
      {job.message !== null && job.message !== '' && (
        <p className={job.state === 'failed' ? classes['fault'] : undefined}>{job.message}</p>
      )}
    </li>
  )
}

function PauseOrGoOn({ job }: { job: ImportView }): ReactNode {
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: (action: 'pause' | 'resume') =>
      send('POST', `/api/imports/${encodeURIComponent(job.id)}/${action}`),
    onError: (error) => tellFailure(sayProblem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['imports'] }),
  })
  if (job.state === 'done') return null
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      disabled={act.isPending}
      onClick={() => act.mutate(isRunning(job) ? 'pause' : 'resume')}
    >
      {isRunning(job) ? 'Pause' : 'Go on'}
    </Button>
  )
}
