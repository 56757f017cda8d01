/** The value of a rule by the type of its field. Touchpoints and sequences have editors of their own. */
import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import type { SegmentField, SegmentGroup, SegmentRule } from '../../../src/domain/segment-view.ts'
import { MultiPick } from '../../ui/multi-pick.tsx'
import { plural } from '../../ui/number.ts'
import classes from './builder.module.css'
import { DurationField } from './fields.tsx'
import { Operand } from './operand.tsx'
import { useBuilder } from './builder-parts.ts'

export interface ValueEditorProps {
  readonly rule: SegmentRule
  readonly field: SegmentField
  readonly onChange: (rule: SegmentRule) => void
  readonly invalid: boolean
  /** Where the rule stands, in the words of the server's faults. */
  readonly place: string
}

export function ValueEditor(props: ValueEditorProps): ReactNode {
  const { rule, field, onChange, invalid } = props
  const set = (value: SegmentRule['value']): void => onChange({ ...rule, value })
  switch (field.type) {
    case 'choice':
    case 'segment':
      return <ChoiceValue {...props} />
    case 'percent':
      return <PercentValue {...props} />
    case 'list':
      return <ListValue {...props} />
    case 'account':
      return <AccountValue {...props} />
    case 'number':
    case 'text':
      return (
        <>
          <Operand
            label={`Value: ${field.name}`}
            operator={rule.operator}
            value={rule.value as Exclude<SegmentRule['value'], SegmentGroup>}
            numeric={field.type === 'number'}
            unit={field.unit}
            invalid={invalid}
            onChange={set}
          />
          {field.takes?.includes('within') === true && <Window {...props} />}
        </>
      )
    default:
      return null
  }
}

function ChoiceValue({ rule, field, onChange, invalid }: ValueEditorProps): ReactNode {
  const options = (field.choices ?? []).map(({ value, name }) => ({ value, label: name }))
  const label = `Value: ${field.name}`
  if (Array.isArray(rule.value)) {
    return (
      <MultiPick
        label={label}
        any="Choose…"
        groups={[{ name: field.name, options }]}
        value={rule.value.map(String)}
        invalid={invalid}
        onChange={(value) => onChange({ ...rule, value })}
      />
    )
  }
  const value = typeof rule.value === 'string' ? rule.value : ''
  const isGone = !options.some((option) => option.value === value)
  return (
    <NativeSelect
      aria-label={label}
      error={invalid}
      value={value}
      // What is no longer there stays in sight, so that one sees what to mend.
      data={isGone ? [{ value, label: value === '' ? 'Choose…' : `${value} (gone)` }, ...options] : options} // prettier-ignore
      onChange={(event) => onChange({ ...rule, value: event.currentTarget.value })}
    />
  )
}

function PercentValue({ rule, onChange, invalid }: ValueEditorProps): ReactNode {
  return (
    <>
      <Operand
        label="Share of everybody"
        operator={rule.operator}
        value={rule.value as number | number[]}
        numeric
        unit="%"
        invalid={invalid}
        onChange={(value) => onChange({ ...rule, value })}
      />
      <TextInput
        aria-label="Which dice: with another word other people fall into the share"
        placeholder="Which dice, e.g. spring"
        value={rule.salt ?? ''}
        maxLength={80}
        className={classes['text'] ?? ''}
        onChange={(event) => {
          const { salt: _salt, ...rest } = rule
          const salt = event.currentTarget.value
          onChange(salt === '' ? rest : { ...rest, salt })
        }}
      />
    </>
  )
}

/** One a line or between commas; a bare address is taken for an e-mail address. */
function entriesOf(text: string): string[] {
  const parts = text
    .split(/[\n,;\t]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const whole = parts.map((part) => (part.includes('@') && !part.includes(':') ? `email:${part}` : part)) // prettier-ignore
  return [...new Set(whole)]
}

function ListValue({ rule, onChange, invalid }: ValueEditorProps): ReactNode {
  const [text, setText] = useState(Array.isArray(rule.value) ? rule.value.join('\n') : '')
  const hint = useId()
  const count = Array.isArray(rule.value) ? rule.value.length : 0
  return (
    <div className={classes['wide']}>
      <Textarea
        aria-label="Identifiers on the list"
        aria-describedby={hint}
        placeholder={'ada@example.com\nuser_id:4711'}
        rows={4}
        spellCheck={false}
        autoComplete="off"
        value={text}
        error={invalid}
        onChange={(event) => {
          setText(event.currentTarget.value)
          onChange({ ...rule, value: entriesOf(event.currentTarget.value) })
        }}
      />
      <p id={hint} className={classes['hint']}>
        {plural(count, 'identifier')}. Paste e-mail addresses, namespace:value, or ids, one a line,
        up to 1,000.
      </p>
    </div>
  )
}

function AccountValue({ rule, onChange, place }: ValueEditorProps): ReactNode {
  const builder = useBuilder()
  if (!builder) return null
  const { Nested } = builder
  const { value } = rule
  const tree = typeof value === 'object' && !Array.isArray(value) ? value : undefined
  return (
    <div className={classes['wide']}>
      <Nested
        path={`${place}.value`}
        tree={tree ?? { combinator: 'and', rules: [] }}
        onChange={(next) => onChange({ ...rule, value: next })}
      />
    </div>
  )
}

const inWindow = { ever: 'ever', within: 'in the last' }

interface WindowProps extends Pick<ValueEditorProps, 'rule' | 'onChange'> {
  readonly words?: { readonly ever: string; readonly within: string }
}

/** Only what happened in the last so long; without it, all that is remembered. */
export function Window({ rule, onChange, words = inWindow }: WindowProps): ReactNode {
  const { within, ...rest } = rule
  return (
    <span className={classes['line']}>
      <NativeSelect
        aria-label="Time that counts"
        value={within === undefined ? 'ever' : 'within'}
        data={[
          { value: 'ever', label: words.ever },
          { value: 'within', label: words.within },
        ]}
        onChange={(event) =>
          onChange(event.currentTarget.value === 'ever' ? rest : { ...rest, within: '30d' })
        }
      />
      {within !== undefined && (
        <DurationField
          label="Time that counts"
          value={within}
          onChange={(next) => onChange({ ...rest, within: next })}
        />
      )}
    </span>
  )
}
