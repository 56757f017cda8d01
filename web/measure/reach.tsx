import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { queries, sayProblem } from '../api.ts'
import { words } from '../domain/words.ts'
import { LinkButton } from '../ui/link-button.tsx'
import { formatCount, formatShare } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { PartBar } from '../ui/picture.tsx'
import { Empty, WhenReady } from '../ui/states.tsx'
import classes from './reach.module.css'

/** How many of those we reached are the people we want to reach, by channel. */
export function ReachByChannel(): ReactNode {
  const answer = useQuery(queries.reach())
  return (
    <Panel
      title="Qualified reach"
      about="People reached in the last 30 days, and how many of them fit a persona"
      actions={
        <LinkButton
          to="/reports/$reportId"
          params={{ reportId: 'reach' }}
          search={{ by: 'channel' }}
          variant="default"
          size="xs"
        >
          What it brought
        </LinkButton>
      }
    >
      <WhenReady answer={answer} says={sayProblem}>
        {(reach) => {
          if (reach.raw === 0) {
            return (
              <Empty title="No one was reached in the last 30 days">
                <p>Page views, e-mails and posts that arrive as events are counted here.</p>
              </Empty>
            )
          }
          const most = Math.max(...reach.channels.map((channel) => channel.raw))
          return (
            <>
              <p className={classes['total']}>
                <strong>{formatCount(reach.qualified)}</strong> qualified of{' '}
                {formatCount(reach.raw)} reached ({formatShare(reach.qualified, reach.raw)})
              </p>
              <table className={classes['table']}>
                <caption className="visually-hidden">Reach by channel</caption>
                <thead>
                  <tr>
                    <th scope="col">Channel</th>
                    <td aria-hidden="true" />
                    <th scope="col">Qualified</th>
                    <th scope="col">Reached</th>
                    <th scope="col">Share</th>
                  </tr>
                </thead>
                <tbody>
                  {reach.channels.map((channel) => (
                    <tr key={channel.channel}>
                      <th scope="row">{words(channel.channel)}</th>
                      <td className={classes['bar']} aria-hidden="true">
                        <PartBar part={channel.qualified} whole={channel.raw} of={most} />
                      </td>
                      <td>{formatCount(channel.qualified)}</td>
                      <td>{formatCount(channel.raw)}</td>
                      <td>{formatShare(channel.qualified, channel.raw)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )
        }}
      </WhenReady>
    </Panel>
  )
}
