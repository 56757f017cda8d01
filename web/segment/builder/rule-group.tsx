/** A group of conditions: whether all, any, or none of them must hold, and what it is made of. */
import { ActionIcon, Button, Menu, NativeSelect } from '@mantine/core'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { type MouseEvent, type ReactNode } from 'react'
import {
  generateID,
  type RuleGroupProps,
  type RuleGroupType,
  RuleGroupBodyComponents,
  type RuleType,
  useRuleGroup,
} from 'react-querybuilder'
import type { SegmentField } from '../../../src/domain/segment-view.ts'
import { newRule } from '../rule-tree.ts'
import {
  type BuilderParts,
  groupFaultsAt,
  noteAdded,
  placeOf,
  useBuilder,
} from './builder-parts.ts'
import classes from './builder.module.css'

/** Combinator and negation as one choice, in words that need no truth table. */
const ways = [
  { value: 'and', label: 'All of these' },
  { value: 'or', label: 'At least one of these' },
  { value: 'not or', label: 'None of these' },
  { value: 'not and', label: 'Not all of these' },
]

export function Group(props: RuleGroupProps): ReactNode {
  const builder = useBuilder()
  return builder && <Body {...props} builder={builder} />
}

function Body({ builder, ...props }: RuleGroupProps & { builder: BuilderParts }): ReactNode {
  const { path, schema, actions } = props
  const group = useRuleGroup(props)
  const { combinator, not, rules } = props.ruleGroup as RuleGroupType
  const isRoot = path.length === 0
  const faults = groupFaultsAt(builder.faults, placeOf(builder.prefix, path))
  const name = isRoot ? 'Conditions' : `Group ${path.map((index) => index + 1).join('.')}`
  const setWay = (way: string): void => {
    const query = schema.getQuery() as RuleGroupType
    const next = { combinator: way.replace('not ', ''), not: way.startsWith('not ') }
    schema.dispatchQuery(withWay(query, path, next))
  }
  return (
    <div className={classes['group']} role="group" aria-label={name} data-segment-group data-root={isRoot || undefined}>
      <div className={classes['groupHead']}>
        <NativeSelect
          aria-label={`${name}: which must hold`}
          data={ways}
          value={`${not === true ? 'not ' : ''}${combinator}`}
          onChange={(event) => setWay(event.currentTarget.value)}
        />
        {!isRoot && <GroupMenu {...props} name={name} />}
      </div>
      <div className={classes['groupBody']}>
        <RuleGroupBodyComponents {...group} />
        {rules.length === 0 && <p className={classes['hint']}>No condition yet.</p>}
      </div>
      <div className={classes['faults']} aria-live="polite">
        {rules.length > 0 && faults.map(({ message }) => <p key={message}>{message}</p>)}
      </div>
      <Adders
        addRule={(field) => {
          const id = generateID()
          noteAdded(id)
          actions.onRuleAdd({ ...newRule(field), id } as RuleType, path)
        }}
        addGroup={(field) => actions.onGroupAdd({ combinator: 'or', rules: [newRule(field) as RuleType] }, path)}
        builder={builder}
      />
    </div>
  )
} // prettier-ignore

interface Way {
  readonly combinator: string
  readonly not: boolean
}

function withWay(group: RuleGroupType, path: readonly number[], way: Way): RuleGroupType {
  const [index, ...rest] = path
  if (index === undefined) return { ...group, ...way }
  const rules = group.rules.map((node, at) =>
    at === index ? withWay(node as RuleGroupType, rest, way) : node,
  )
  return { ...group, rules } as RuleGroupType
}

function Adders(props: {
  readonly builder: BuilderParts
  readonly addRule: (field: SegmentField) => void
  readonly addGroup: (field: SegmentField) => void
}): ReactNode {
  const first = props.builder.fieldGroups[0]?.fields[0]
  if (!first) return null
  const plus = <IconPlus size={14} aria-hidden="true" />
  return (
    <div className={classes['adders']}>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={plus}
        data-add-rule
        onClick={() => props.addRule(first)}
      >
        Condition
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={plus}
        onClick={() => props.addGroup(first)}
      >
        Group
      </Button>
    </div>
  )
}

function GroupMenu(props: RuleGroupProps & { name: string }): ReactNode {
  const { path, actions, shiftUpDisabled, shiftDownDisabled, name } = props
  const remove = (event: MouseEvent<HTMLElement>): void => {
    const above = event.currentTarget.closest('[data-segment-group]')?.parentElement
    actions.onGroupRemove(path)
    requestAnimationFrame(() => above?.querySelector<HTMLElement>('[data-add-rule]')?.focus())
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`More for ${name.toLowerCase()}`}>
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
        <Menu.Item onClick={() => actions.ungroupRuleGroup(path)}>
          Ungroup: keep its conditions
        </Menu.Item>
        <Menu.Item onClick={remove}>Remove the group</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
