/** Rules about what happened: how often, how much, the first and the last, and one after the other. */
import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { SegmentGroup, SegmentRule, SequenceStep } from '../../../src/domain/segment-view.ts'
import { comparesNumbers, operatorsOf, valueFor } from '../rule-tree.ts'
import classes from './builder.module.css'
import { FilterEditor, operatorsFor, PropertyField } from './filter-editor.tsx'
import { Operand, OperatorPick } from './operand.tsx'
import { type ValueEditorProps, Window } from './value-editor.tsx'

const days = [{ value: 'days', label: 'Days ago' }]

const isEdge = ({ field }: SegmentRule): boolean =>
  field === 'touchpoint.first' || field === 'touchpoint.last'

/** What stands beside the field: how often or how much. Of the first and last it follows below. */
export function TouchpointHead(props: ValueEditorProps): ReactNode {
  const { rule, onChange } = props
  if (isEdge(rule)) return <span className={classes['word']}>of</span>
  const isSum = rule.field === 'touchpoint.sum'
  return (
    <>
      {isSum && (
        <PropertyField
          label="Sum of"
          value={rule.property ?? 'amount'}
          only={(property) => /^(amount|score|sentiment|properties\.)/.test(property)}
          onChange={(property) => onChange({ ...rule, property })}
        />
      )}
      <Compared {...props} unit={isSum ? undefined : rule.value === 1 ? 'time' : 'times'} />
    </>
  )
}

export function TouchpointEditor(props: ValueEditorProps): ReactNode {
  const { rule, field, onChange, invalid } = props
  const { since, ...rest } = rule
  return (
    <div className={classes['details']}>
      <FilterEditor label="Touchpoints" filter={rule.of ?? {}} onChange={(of) => onChange({ ...rule, of })} />
      {isEdge(rule) && (
        <span className={classes['line']}>
          <span className={classes['word']}>was</span>
          <PropertyField
            label="What of it"
            value={rule.property ?? 'days'}
            more={days}
            onChange={(property) => onChange(withProperty(rule, property))}
          />
          <OperatorPick
            label="Comparison"
            operators={operatorsOf(rule, field)}
            value={rule.operator}
            onChange={(operator) => onChange(withProperty({ ...rule, operator }, rule.property ?? 'days'))}
          />
          <Operand
            label="Value"
            operator={rule.operator}
            value={plainValue(rule)}
            numeric={comparesNumbers(rule, field)}
            unit={rule.property === 'days' ? 'days' : undefined}
            invalid={invalid}
            onChange={(value) => onChange({ ...rule, value })}
          />
        </span>
      )}
      <span className={classes['line']}>
        <Window rule={rule} onChange={onChange} />
        {since === undefined && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} aria-hidden="true" />}
            onClick={() => onChange({ ...rest, since: { kinds: ['purchase'] } })}
          >
            Only since…
          </Button>
        )}
      </span>
      {since !== undefined && (
        <div className={classes['part']}>
          <span className={classes['line']}>
            <span className={classes['word']}>only since the last of</span>
            <ActionIcon aria-label="Count from the beginning again" onClick={() => onChange(rest)}>
              <IconX size={16} />
            </ActionIcon>
          </span>
          <FilterEditor label="Since the last" filter={since} onChange={(next) => onChange({ ...rest, since: next })} />
        </div>
      )}
    </div>
  )
} // prettier-ignore

const plainValue = (rule: SegmentRule) => rule.value as Exclude<SegmentRule['value'], SegmentGroup>

/** Another thing is looked at: the comparison and its value follow. */
function withProperty(rule: SegmentRule, property: string): SegmentRule {
  const isDays = property === 'days'
  const fits = operatorsFor(property).filter((one) => !isDays || !one.endsWith('equals'))
  const operator = fits.includes(rule.operator) ? rule.operator : (fits[0] ?? 'at_least')
  const numeric = ['amount', 'score', 'sentiment', 'days'].includes(property)
  const { value, ...rest } = rule
  const next = valueFor(operator, value, numeric)
  return { ...rest, property, operator, ...(next === undefined ? {} : { value: next }) }
}

function Compared({ rule, field, onChange, invalid, unit }: ValueEditorProps & { unit: string | undefined }): ReactNode {
  return (
    <>
      <OperatorPick
        label="Comparison"
        operators={operatorsOf(rule, field)}
        value={rule.operator}
        onChange={(operator) => {
          const value = valueFor(operator, rule.value, true)
          onChange(value === undefined ? { ...rule, operator } : { ...rule, operator, value })
        }}
      />
      <Operand
        label="Value"
        operator={rule.operator}
        value={plainValue(rule)}
        numeric
        unit={unit}
        invalid={invalid}
        onChange={(value) => onChange({ ...rule, value })}
      />
    </>
  )
} // prettier-ignore

const mostSteps = 6

export function SequenceEditor({ rule, onChange }: ValueEditorProps): ReactNode {
  const { steps = [] } = rule
  const set = (next: SequenceStep[]): void => onChange({ ...rule, steps: next })
  return (
    <div className={classes['details']}>
      <ol className={classes['steps']}>
        {steps.map((step, index) => (
          <li key={index} className={classes['step']}>
            <StepEditor
              number={index + 1}
              step={step}
              onChange={(next) => set(steps.with(index, next))}
            />
            {steps.length > 2 && (
              <ActionIcon
                aria-label={`Remove step ${index + 1}`}
                onClick={() => set(firstBare(steps.toSpliced(index, 1)))}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ol>
      <span className={classes['line']}>
        {steps.length < mostSteps && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} aria-hidden="true" />}
            onClick={() => set([...steps, { of: { kinds: ['purchase'] }, within: '30d' }])}
          >
            Step
          </Button>
        )}
        <span className={classes['word']}>all of it</span>
        <Window rule={rule} onChange={onChange} />
      </span>
    </div>
  )
}

/** The first step has nothing before it. */
const firstBare = (steps: SequenceStep[]): SequenceStep[] =>
  steps.map((step, index) => (index === 0 ? { of: step.of } : step))

function StepEditor(props: {
  readonly number: number
  readonly step: SequenceStep
  readonly onChange: (step: SequenceStep) => void
}): ReactNode {
  const { number, step, onChange } = props
  const { within, without, ...rest } = step
  const label = `Step ${number}`
  const bare = { ...rest, ...(within === undefined ? {} : { within }) }
  return (
    <div className={classes['stepBody']}>
      {number > 1 && (
        <span className={classes['line']}>
          <span className={classes['word']}>then</span>
          <Window
            words={{ ever: 'at any time later', within: 'within' }}
            rule={{ field: '', operator: 'happened', within }}
            onChange={(next) => onChange({ ...rest, ...(without && { without }), ...(next.within && { within: next.within }) })} // prettier-ignore
          />
        </span>
      )}
      <FilterEditor label={label} filter={step.of} onChange={(of) => onChange({ ...step, of })} />
      {number > 1 && without === undefined && (
        <span className={classes['line']}>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} aria-hidden="true" />}
            onClick={() => onChange({ ...bare, without: { kinds: ['complaint'] } })}
          >
            Without … between
          </Button>
        </span>
      )}
      {without !== undefined && (
        <div className={classes['part']}>
          <span className={classes['line']}>
            <span className={classes['word']}>and between the two none of</span>
            <ActionIcon aria-label={`${label}: anything may be between`} onClick={() => onChange(bare)}>
              <IconX size={16} />
            </ActionIcon>
          </span>
          <FilterEditor
            label={`${label}: none between`}
            filter={without}
            onChange={(next) => onChange({ ...bare, without: next })}
          />
        </div>
      )}
    </div>
  )
} // prettier-ignore
