/** Who this is: the identifiers that belong together, and every decision that joined or parted them. */
import { Button, Checkbox } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { PartyDetail } from '../../src/domain/view.ts'
import { Facts } from '../ui/facts.tsx'
import { plural } from '../ui/number.ts'
import { Columns, Panel, Stack } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Moment } from '../ui/time.tsx'
import { Decisions } from './decisions.tsx'
import classes from './identity.module.css'
import { MergeDialog } from './merge-dialog.tsx'
import { useSplit } from './use-identity.ts'

export function Identity({ party }: { party: PartyDetail }): ReactNode {
  return (
    <Columns>
      <Stack>
        <Identifiers party={party} />
        <Traits traits={party.traits} />
      </Stack>
      <Decisions partyId={party.id} />
    </Columns>
  )
}

function Identifiers({ party }: { party: PartyDetail }): ReactNode {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [merging, setMerging] = useState(false)
  const split = useSplit(party.id)
  const toggle = (subjectId: string): void => {
    setChosen((old) => old.symmetricDifference(new Set([subjectId])))
  }
  const some = chosen.size > 0 && chosen.size < party.identifiers.length
  return (
    <Panel
      title="Identifiers"
      about="Touchpoints that carry any of these belong here."
      actions={
        <Button variant="default" size="xs" onClick={() => setMerging(true)}>
          Merge with…
        </Button>
      }
    >
      <ul className={classes['identifiers']}>
        {party.identifiers.map((identifier) => (
          <li key={identifier.subjectId} className={classes['identifier']}>
            <Checkbox
              aria-label={`Choose ${identifier.namespace} ${identifier.value}`}
              checked={chosen.has(identifier.subjectId)}
              onChange={() => toggle(identifier.subjectId)}
            />
            <span className={classes['namespace']}>{identifier.namespace}</span>
            <code className={classes['value']}>{identifier.value}</code>
            <span className={classes['since']}>
              since <Moment at={identifier.firstSeenAt} />
            </span>
          </li>
        ))}
      </ul>
      {party.identifiers.length > 1 && (
        <div className={classes['split']}>
          <p>
            {some
              ? `${plural(chosen.size, 'identifier')} would become a person of their own, with their own touchpoints.`
              : 'Joined by mistake? Choose what belongs to someone else and split it off.'}
          </p>
          <Button
            variant="default"
            size="xs"
            disabled={!some}
            onClick={() => {
              split.mutate([...chosen])
              setChosen(new Set())
            }}
          >
            Split off
          </Button>
        </div>
      )}
      <MergeDialog party={party} opened={merging} close={() => setMerging(false)} />
    </Panel>
  )
}

function Traits({ traits }: { traits: Readonly<Record<string, unknown>> }): ReactNode {
  const entries = Object.entries(traits)
  return (
    <Panel title="Traits" about="What sources say; the newest value counts.">
      {entries.length === 0 ? (
        <Empty title="No traits yet">
          <p>
            An <code>identify</code> call brings them.
          </p>
        </Empty>
      ) : (
        <Facts
          facts={entries.map(([name, value]) => ({
            name,
            value: (
              <span className={classes['trait']}>
                {typeof value === 'string' ? value : JSON.stringify(value)}
              </span>
            ),
          }))}
        />
      )}
    </Panel>
  )
}
