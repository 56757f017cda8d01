import { Button, Kbd } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { MergeSuggestionView } from '../../src/domain/merge-suggestion-view.ts'
import { sayProblem } from '../api.ts'
import { PartyLink } from '../domain/party-link.tsx'
import { formatNumber, formatSigned } from '../ui/number.ts'
import { Tag } from '../ui/facts.tsx'
import { Lines, WhenReady } from '../ui/states.tsx'
import { duplicateQueries } from './duplicate-queries.ts'
import classes from './duplicates.module.css'

interface CardProps {
  readonly suggestion: MergeSuggestionView
  readonly merge: () => void
  readonly dismiss: () => void
}

/** Two people beside each other, what speaks for and against, and the choice. */
export function DuplicateCard({ suggestion, merge, dismiss }: CardProps): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const { one, other, probability, bothKnown, reasons } = suggestion
  return (
    <li
      className={classes['card']}
      tabIndex={-1}
      data-duplicate
      aria-label={`${one.displayName} and ${other.displayName}`}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey)
          return
        if (event.key === 'm') merge()
        else if (event.key === 'd') dismiss()
        else if (event.key === 'p') setOpen(!isOpen)
      }}
    >
      <header className={classes['head']}>
        <span className={classes['likely']}>
          <strong>{inPercent(probability)}</strong> likely one person
        </span>
        {bothKnown && <Tag tone="bad">Two user accounts: look twice</Tag>}
      </header>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">What is compared</span>
            </th>
            <th scope="col">
              <PartyLink party={one} />
            </th>
            <th scope="col">
              <PartyLink party={other} />
            </th>
            <th scope="col">Evidence</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map((reason) => (
            <tr key={reason.field} data-against={reason.weight < 0 || undefined}>
              <th scope="row">{reason.field}</th>
              <td>{reason.one || '–'}</td>
              <td>{reason.other || '–'}</td>
              <td className={classes['evidence']}>
                <Bar weight={reason.weight} />
                <span className={classes['weight']}>{formatSigned(reason.weight)}</span>
                <span className={classes['level']}>{reason.level}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {isOpen && <AsOne id={suggestion.id} />}
      <footer className={classes['buttons']}>
        <Button
          onClick={merge}
          rightSection={<Kbd>m</Kbd>}
          classNames={{ section: classes['key'] ?? '' }}
        >
          Merge
        </Button>
        <Button
          variant="default"
          onClick={dismiss}
          rightSection={<Kbd>d</Kbd>}
          classNames={{ section: classes['key'] ?? '' }}
        >
          Two people
        </Button>
        <Button
          variant="subtle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          rightSection={<Kbd>p</Kbd>}
          classNames={{ section: classes['key'] ?? '' }}
        >
          {isOpen ? 'Hide the merged person' : 'Show as one'}
        </Button>
      </footer>
    </li>
  )
}

/** Never 100 %: a model is not certain. */
function inPercent(probability: number): string {
  if (probability > 0.999) return 'Over 99.9 %'
  return `${formatNumber(100 * probability, probability > 0.99 ? 1 : 0)} %`
}

/** Bits at which a bar is full. */
const fullBar = 15

function Bar({ weight }: { weight: number }): ReactNode {
  const share = Math.min(1, Math.abs(weight) / fullBar)
  return (
    <svg viewBox="0 0 80 8" className={classes['bar']} aria-hidden="true">
      <rect x="0" y="3.5" width="80" height="1" className={classes['axis']} />
      <rect
        x={weight < 0 ? 40 - 40 * share : 40}
        y="0"
        width={Math.max(1, 40 * share)}
        height="8"
        rx="1"
        className={weight < 0 ? classes['against'] : classes['for']}
      />
    </svg>
  )
}

/** What merging would give; nothing is changed by looking. */
function AsOne({ id }: { id: string }): ReactNode {
  const answer = useQuery(duplicateQueries.preview(id))
  return (
    <section className={classes['preview']} aria-label="As one person">
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={4} />}>
        {({ displayName, identifiers, traits }) => (
          <>
            <h3>{displayName}</h3>
            <ul className={classes['identifiers']}>
              {identifiers.map(({ namespace, value }) => (
                <li key={`${namespace} ${value}`}>
                  <span>{namespace}</span> {value}
                </li>
              ))}
            </ul>
            <dl className={classes['traits']}>
              {traits.map(({ key, value, instead }) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd>
                    {value} {instead !== null && <s>{instead}</s>}
                  </dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </WhenReady>
    </section>
  )
}
