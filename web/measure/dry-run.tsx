import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ModelCheck } from '../answers.ts'
import { queries } from '../api.ts'
import { HealthMark } from '../domain/health-mark.tsx'
import { PartyLink } from '../domain/party-link.tsx'
import { words } from '../domain/words.ts'
import { formatCount, formatSigned, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import classes from './model-editor.module.css'

type Run = NonNullable<ModelCheck['dryRun']>

/** Who would stand elsewhere, were the model applied now. */
export function DryRun({ run }: { run: Run }): ReactNode {
  const rungs = useQuery(queries.ladder()).data?.rungs ?? []
  const nameOf = (id: string): string => rungs.find((rung) => rung.id === id)?.name ?? words(id)
  const ids = [...new Set([...Object.keys(run.after), ...Object.keys(run.before)])]
  return (
    <Panel title="Who would move" about="Nothing has been changed yet.">
      <p className={classes['moved']}>
        <strong>{formatCount(run.moved)}</strong> of {plural(run.parties, 'relationship')} would
        stand elsewhere.
      </p>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">Rung</th>
            <th scope="col" className={classes['number']}>
              Now
            </th>
            <th scope="col" className={classes['number']}>
              Then
            </th>
            <th scope="col" className={classes['number']}>
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {ids.map((id) => {
            const [before, after] = [run.before[id] ?? 0, run.after[id] ?? 0]
            return (
              <tr key={id}>
                <th scope="row">{nameOf(id)}</th>
                <td className={classes['number']}>{formatCount(before)}</td>
                <td className={classes['number']}>{formatCount(after)}</td>
                <td className={classes['number']}>
                  {after === before ? '–' : formatSigned(after - before, 0)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {run.sample.length > 0 && (
        <div className={classes['who']}>
          <h3>For example</h3>
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">Rung</th>
                <th scope="col">Health</th>
              </tr>
            </thead>
            <tbody>
              {run.sample.map((move) => (
                <tr key={move.party.id}>
                  <th scope="row">
                    <PartyLink party={move.party} />
                  </th>
                  <td>
                    <span className={classes['step']}>{nameOf(move.from)} →</span> {nameOf(move.to)}
                  </td>
                  <td>
                    <HealthMark colour={move.healthTo} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}
