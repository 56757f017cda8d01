/** One condition: its field, its operator, its value, and what the server finds wrong with it. */
import { ActionIcon, Menu, NativeSelect } from '@mantine/core'
import { IconDots, IconX } from '@tabler/icons-react'
import { type MouseEvent, type ReactNode, useEffect, useId, useRef } from 'react'
import { generateID, type RuleGroupType, type RuleProps } from 'react-querybuilder'
import type { SegmentField, SegmentRule } from '../../../src/domain/segment-view.ts'
import { newRule, operatorsOf, withOperator } from '../rule-tree.ts'
import { type BuilderParts, faultsAt, placeOf, takeAdded, useBuilder } from './builder-parts.ts'
import classes from './builder.module.css'
import { OperatorPick } from './operand.tsx'
import { SequenceEditor, TouchpointEditor, TouchpointHead } from './touchpoint-editor.tsx'
import { ValueEditor } from './value-editor.tsx'

export function RuleRow(props: RuleProps): ReactNode {
  const builder = useBuilder()
  return builder && <Row {...props} builder={builder} />
}

/** The rule at that path, as a whole: the parts of a rule change together. */
function useReplace({ schema, path }: RuleProps): (rule: SegmentRule) => void {
  return (rule) => {
    const query = schema.getQuery() as RuleGroupType
    schema.dispatchQuery(replaced(query, path, rule))
  }
}

function replaced(group: RuleGroupType, path: readonly number[], rule: SegmentRule): RuleGroupType {
  const [index = 0, ...rest] = path
  const rules = group.rules.map((node, at) => {
    if (at !== index) return node
    return rest.length === 0 ? rule : replaced(node as RuleGroupType, rest, rule)
  })
  return { ...group, rules } as RuleGroupType
}

/** After a condition is gone, the focus goes to where another one can be made. */
function toTheGroup(event: MouseEvent<HTMLElement>): void {
  const group = event.currentTarget.closest('[data-segment-group]')
  requestAnimationFrame(() => group?.querySelector<HTMLElement>('[data-add-rule]')?.focus())
}

function Row(props: RuleProps & { builder: BuilderParts }): ReactNode {
  const { path, builder, actions } = props
  const rule = props.rule as unknown as SegmentRule
  const replace = useReplace(props)
  const place = placeOf(builder.prefix, path)
  const faults = faultsAt(builder.faults, place)
  const field = builder.fields.get(rule.field) ?? goneField(rule)
  const fault = useId()
  const select = useRef<HTMLSelectElement>(null)
  useEffect(() => {
    if (takeAdded(rule.id)) select.current?.focus()
  }, [rule.id])
  const number = path.map((index) => index + 1).join('.')
  const own = field.type === 'touchpoints' || field.type === 'sequence'
  const parts = { rule, field, place, onChange: replace, invalid: faults.length > 0 }
  return (
    <div
      className={classes['rule']}
      role="group"
      aria-label={`Condition ${number}: ${field.name}`}
      aria-describedby={faults.length > 0 ? fault : undefined}
      data-faulty={faults.length > 0 || undefined}
    >
      <div className={classes['ruleLine']}>
        <FieldPick
          builder={builder}
          field={field}
          select={select}
          onChange={(next) => replace({ ...newRule(next), id: rule.id })}
        />
        {field.type !== 'touchpoints' && (
          <OperatorPick
            label={`Comparison: ${field.name}`}
            operators={operatorsOf(rule, field)}
            value={rule.operator}
            onChange={(operator) => replace(withOperator(rule, operator, field))}
          />
        )}
        {field.type === 'touchpoints' && <TouchpointHead {...parts} />}
        {!own && <ValueEditor {...parts} />}
        <span className={classes['ruleActions']}>
          <More {...props} number={number} />
          <ActionIcon
            aria-label={`Remove condition ${number}`}
            onClick={(event) => {
              toTheGroup(event)
              actions.onRuleRemove(path)
            }}
          >
            <IconX size={16} />
          </ActionIcon>
        </span>
      </div>
      {field.type === 'touchpoints' && <TouchpointEditor {...parts} />}
      {field.type === 'sequence' && <SequenceEditor {...parts} />}
      <div id={fault} className={classes['faults']} aria-live="polite">
        {faults.map(({ path: at, message }) => (
          <p key={`${at} ${message}`}>{message}</p>
        ))}
      </div>
    </div>
  )
}

/** A field that the model has no more: it keeps its place, and its fault says what to do. */
const goneField = ({ field, operator }: SegmentRule): SegmentField => ({
  ...{ field, name: field, group: '', type: 'text', operators: [operator] },
})

function FieldPick(props: {
  readonly builder: BuilderParts
  readonly field: SegmentField
  readonly select: { current: HTMLSelectElement | null }
  readonly onChange: (field: SegmentField) => void
}): ReactNode {
  const { builder, field, select, onChange } = props
  const isGone = !builder.fields.has(field.field)
  return (
    <NativeSelect
      ref={select}
      aria-label="What the condition looks at"
      className={classes['field'] ?? ''}
      value={field.field}
      data={[
        ...(isGone ? [{ value: field.field, label: `${field.field} (gone)` }] : []),
        ...builder.fieldGroups.map(({ name, fields }) => ({
          group: name,
          items: fields.map((one) => ({ value: one.field, label: one.name })),
        })),
      ]}
      onChange={(event) => {
        const chosen = builder.fields.get(event.currentTarget.value)
        if (chosen) onChange(chosen)
      }}
    />
  )
}

function More(props: RuleProps & { number: string }): ReactNode {
  const { path, actions, shiftUpDisabled, shiftDownDisabled, number } = props
  const parent = path.slice(0, -1)
  const group = (): void => {
    const query = props.schema.getQuery() as RuleGroupType
    const whole = { id: generateID(), combinator: 'or', rules: [props.rule] }
    props.schema.dispatchQuery(replaced(query, path, whole as unknown as SegmentRule))
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`More for condition ${number}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={shiftUpDisabled === true} onClick={() => actions.moveRule(path, 'up')}>
          Move up
        </Menu.Item>
        <Menu.Item
          disabled={shiftDownDisabled === true}
          onClick={() => actions.moveRule(path, 'down')}
        >
          Move down
        </Menu.Item>
        <Menu.Item onClick={() => actions.onRuleAdd(copyOf(props), parent)}>Duplicate</Menu.Item>
        <Menu.Item onClick={group}>Make it a group</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function copyOf({ rule }: RuleProps): RuleProps['rule'] {
  const { id: _id, ...rest } = rule
  return rest
}
