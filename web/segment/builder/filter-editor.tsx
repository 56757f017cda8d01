/** Which touchpoints: their kinds, channels, and tests of their properties. */
import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { PropertyTest, SegmentOperator, TouchpointFilter } from '../../../src/domain/segment-view.ts' // prettier-ignore
import { MultiPick } from '../../ui/multi-pick.tsx'
import { Pick } from '../../ui/pick.tsx'
import { numericProperties, valueFor } from '../rule-tree.ts'
import { useBuilder } from './builder-parts.ts'
import classes from './builder.module.css'
import { TextList } from './fields.tsx'
import { Operand, OperatorPick } from './operand.tsx'

interface FilterEditorProps {
  readonly label: string
  readonly filter: TouchpointFilter
  readonly onChange: (filter: TouchpointFilter) => void
}

/** What is empty is left out: the server asks that a list that is there has something in it. */
function trimmed(filter: TouchpointFilter): TouchpointFilter {
  const filled = Object.entries(filter).filter(([, list]) => list !== undefined && list.length > 0)
  return Object.fromEntries(filled) as TouchpointFilter
}

const firstTest: PropertyTest = { property: 'score', operator: 'at_least', value: 0.75 }

export function FilterEditor({ label, filter, onChange }: FilterEditorProps): ReactNode {
  const builder = useBuilder()
  const { where = [] } = filter
  const change = (part: Partial<TouchpointFilter>): void =>
    onChange(trimmed({ ...filter, ...part }))
  const events = filter.events ?? []
  const [naming, setNaming] = useState(false)
  const isNamed = naming || events.length > 0
  return (
    <>
      <span className={classes['line']}>
        <MultiPick
          label={`${label}: kinds`}
          any="Any kind of touchpoint"
          groups={builder?.kinds ?? []}
          value={filter.kinds ?? []}
          onChange={(kinds) => change({ kinds: kinds as NonNullable<TouchpointFilter['kinds']> })}
        />
        <span className={classes['word']}>by</span>
        <MultiPick
          label={`${label}: channels`}
          any="Any channel"
          groups={builder?.channels ?? []}
          value={filter.channels ?? []}
          onChange={(some) => change({ channels: some as NonNullable<TouchpointFilter['channels']> })} // prettier-ignore
        />
        {!isNamed && (
          <Adder label={label} says="Name" about="events by name" act={() => setNaming(true)} />
        )}
        <Adder
          label={label}
          says="Property"
          about="test a property"
          act={() => change({ where: [...where, firstTest] })}
        />
      </span>
      {isNamed && (
        <span className={classes['line']}>
          <span className={classes['word']}>named</span>
          <TextList
            label={`${label}: names of events`}
            placeholder="Order Completed, Wine Tasted"
            value={events}
            onChange={(names) => change({ events: names })}
          />
          <ActionIcon
            aria-label={`${label}: of any name`}
            onClick={() => {
              setNaming(false)
              change({ events: [] })
            }}
          >
            <IconX size={16} />
          </ActionIcon>
        </span>
      )}
      {where.map((test, index) => (
        <TestEditor
          key={index}
          label={`${label}: property ${index + 1}`}
          test={test}
          onChange={(next) => change({ where: where.with(index, next) })}
          remove={() => change({ where: where.toSpliced(index, 1) })}
        />
      ))}
    </>
  )
}

function Adder(props: {
  readonly label: string
  readonly says: string
  readonly about: string
  readonly act: () => void
}): ReactNode {
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconPlus size={14} aria-hidden="true" />}
      aria-label={`${props.says}: ${props.label}, ${props.about}`}
      onClick={props.act}
    >
      {props.says}
    </Button>
  )
}

const known = [
  { value: 'amount', label: 'Amount' },
  { value: 'score', label: 'Score (0 to 1)' },
  { value: 'sentiment', label: 'Sentiment (−1 to 1)' },
  { value: 'event', label: 'Name of the event' },
  { value: 'source', label: 'Source' },
  { value: 'properties.', label: 'A property…' },
  { value: 'context.', label: 'Of the context…' },
]
const numbers: readonly SegmentOperator[] = ['at_least', 'at_most', 'above', 'below', 'equals', 'not_equals', 'between'] // prettier-ignore
const texts: readonly SegmentOperator[] = ['equals', 'not_equals', 'in', 'not_in', 'contains', 'not_contains', 'starts_with', 'ends_with', 'exists', 'not_exists'] // prettier-ignore

export function operatorsFor(property: string): readonly SegmentOperator[] {
  if (numericProperties.has(property)) return numbers
  return property.includes('.') ? [...new Set([...texts, ...numbers])] : texts
}

function TestEditor(props: {
  readonly label: string
  readonly test: PropertyTest
  readonly onChange: (test: PropertyTest) => void
  readonly remove: () => void
}): ReactNode {
  const { label, test, onChange, remove } = props
  const set = (property: string, operator: SegmentOperator): void => {
    const fits = operatorsFor(property)
    const next = fits.includes(operator) ? operator : (fits[0] ?? 'equals')
    const value = valueFor(next, test.value, numericProperties.has(property))
    onChange(value === undefined ? { property, operator: next } : { property, operator: next, value }) // prettier-ignore
  }
  return (
    <span className={classes['line']}>
      <span className={classes['word']}>with</span>
      <PropertyField
        label={label}
        value={test.property}
        onChange={(to) => set(to, test.operator)}
      />
      <OperatorPick
        label={`${label}: comparison`}
        operators={operatorsFor(test.property)}
        value={test.operator}
        onChange={(operator) => set(test.property, operator)}
      />
      <Operand
        label={`${label}: value`}
        operator={test.operator}
        value={test.value}
        numeric={numericProperties.has(test.property)}
        onChange={(value) => onChange({ ...test, value })}
      />
      <ActionIcon aria-label={`Remove ${label}`} onClick={remove}>
        <IconX size={16} />
      </ActionIcon>
    </span>
  )
}

/** A field of a touchpoint; of properties and context, with the name inside. */
export function PropertyField(props: {
  readonly label: string
  readonly value: string
  readonly onChange: (property: string) => void
  readonly only?: (property: string) => boolean
  /** Such as days, for the first and the last touchpoint. */
  readonly more?: readonly { value: string; label: string }[]
}): ReactNode {
  const { label, value, onChange, only = () => true, more = [] } = props
  const dot = value.indexOf('.')
  const root = dot < 0 ? value : value.slice(0, dot + 1)
  return (
    <>
      <Pick
        label={label}
        value={root}
        options={[...more, ...known.filter((option) => only(option.value))]}
        onChange={(next) => onChange(next === undefined ? value : next.endsWith('.') ? `${next}name` : next)} // prettier-ignore
      />
      {dot >= 0 && (
        <TextInput
          aria-label={`${label}: name`}
          value={value.slice(dot + 1)}
          maxLength={120}
          className={classes['text'] ?? ''}
          onChange={(event) => onChange(`${root}${event.currentTarget.value}`)}
        />
      )}
    </>
  )
}
