/** Some of many: a button that says what is chosen, and behind it a search over plain check boxes. */
import { Checkbox, Popover, TextInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'
import classes from './multi-pick.module.css'

export interface PickGroup {
  readonly name: string
  readonly options: readonly { value: string; label: string }[]
}

interface MultiPickProps {
  readonly label: string
  /** What stands for no choice. */
  readonly any: string
  readonly groups: readonly PickGroup[]
  readonly value: readonly string[]
  readonly onChange: (value: string[]) => void
  readonly invalid?: boolean
}

/** So few are in sight at once, without a search. */
const inSight = 8

export function MultiPick(props: MultiPickProps): ReactNode {
  const { label, any, groups, value, onChange, invalid } = props
  const [opened, setOpened] = useState(false)
  const names = new Map(groups.flatMap(({ options }) => options.map((o) => [o.value, o.label])))
  const chosen = value.map((one) => names.get(one) ?? one)
  const says = chosen.length === 0 ? any : chosen.join(', ')
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      trapFocus
      returnFocus
      shadow="md"
      hideDetached={false}
    >
      <Popover.Target>
        <button
          type="button"
          className={classes['button']}
          aria-label={`${label}: ${says}`}
          aria-invalid={invalid}
          onClick={() => setOpened((old) => !old)}
        >
          <span className={classes['says']} data-none={chosen.length === 0 || undefined}>
            {says}
          </span>
          {chosen.length > 1 && <span className={classes['count']} data-count={chosen.length} />}
          <IconChevronDown size={16} aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className={classes['dropdown'] ?? ''}>
        <Options label={label} groups={groups} value={value} onChange={onChange} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Options({ label, groups, value, onChange }: Omit<MultiPickProps, 'any'>): ReactNode {
  const [search, setSearch] = useState('')
  const hint = useId()
  const wanted = search.trim().toLowerCase()
  // What was chosen when it opened stands first, and keeps its place while one chooses.
  const [before] = useState(() => new Set(value))
  const found = chosenFirst(groups, before)
    .map((group) => ({
      ...group,
      options: group.options.filter((option) => option.label.toLowerCase().includes(wanted)),
    }))
    .filter(({ options }) => options.length > 0)
  const chosen = new Set(value)
  const toggle = (one: string): void =>
    onChange(chosen.has(one) ? value.filter((other) => other !== one) : [...value, one])
  const many = groups.reduce((sum, { options }) => sum + options.length, 0) > inSight
  return (
    <>
      {many && (
        <TextInput
          type="search"
          aria-label={`Search: ${label}`}
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
          aria-describedby={hint}
        />
      )}
      <div className={classes['list']} role="group" aria-label={label}>
        {found.map((group) => (
          <fieldset key={group.name} className={classes['group']}>
            <legend>{group.name}</legend>
            {group.options.map((option) => (
              <Checkbox
                key={option.value}
                label={option.label}
                checked={chosen.has(option.value)}
                onChange={() => toggle(option.value)}
                size="xs"
              />
            ))}
          </fieldset>
        ))}
        {found.length === 0 && <p className={classes['none']}>Nothing by that name</p>}
      </div>
      <div className={classes['foot']}>
        <span id={hint} aria-live="polite">
          {value.length === 0 ? 'None chosen' : `${value.length} chosen`}
        </span>
        {value.length > 0 && (
          <button type="button" className={classes['clear']} onClick={() => onChange([])}>
            Clear
          </button>
        )}
      </div>
    </>
  )
}

function chosenFirst(groups: readonly PickGroup[], chosen: ReadonlySet<string>): PickGroup[] {
  const all = groups.flatMap(({ options }) => options)
  if (chosen.size === 0 || all.length <= inSight) return [...groups]
  const first = all.filter(({ value }) => chosen.has(value))
  const rest = groups.map(({ name, options }) => ({
    name,
    options: options.filter(({ value }) => !chosen.has(value)),
  }))
  return [{ name: 'Chosen', options: first }, ...rest]
}
