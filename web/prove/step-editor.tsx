/** The steps of a funnel: which, in which order, and how narrow. */
import { Button, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Pick } from '../ui/pick.tsx'
import { words } from '../domain/words.ts'
import { isNarrowed, stepChannels, stepOptions, type StepText, writeStep } from './step-text.ts'
import classes from './conversion.module.css'

interface StepEditorProps {
  readonly steps: readonly StepText[]
  readonly rungs: readonly { id: string; name: string }[]
  readonly onChange: (steps: readonly StepText[]) => void
}

const fewest = 2
const most = 8
const plain: StepText = { head: 'purchase', event: '', channel: '', campaign: '', property: '', value: '' } // prettier-ignore

export function StepEditor({ steps, rungs, onChange }: StepEditorProps): ReactNode {
  const [open, setOpen] = useState<number | null>(null)
  const put = (index: number, step: StepText): void => onChange(steps.with(index, step))
  const move = (index: number): void =>
    onChange(steps.with(index, steps[index - 1] ?? plain).with(index - 1, steps[index] ?? plain))
  return (
    <ol className={classes['steps']} aria-label="Steps">
      {steps.map((step, index) => (
        // The same step may stand there twice: its place is its name.
        <li key={index} className={classes['stepEdit']}>
          <div className={classes['stepRow']}>
            <span className={classes['number']}>{index + 1}</span>
            <Pick
              label={`Step ${index + 1}`}
              options={stepOptions(rungs, { any: true, chosen: step.head })}
              value={step.head}
              onChange={(head) => put(index, { ...step, head: head ?? step.head })}
            />
            {!step.head.startsWith('rung:') && (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-expanded={open === index}
                aria-label={`${isNarrowed(step) ? 'Narrowed' : 'Narrow'} step ${index + 1}`}
                onClick={() => setOpen(open === index ? null : index)}
              >
                {isNarrowed(step) ? 'Narrowed' : 'Narrow'}
              </Button>
            )}
            {index > 0 && (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={`Move step ${index + 1} up`}
                onClick={() => move(index)}
              >
                ↑
              </Button>
            )}
            {steps.length > fewest && (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={`Take out step ${index + 1}`}
                onClick={() => onChange(steps.toSpliced(index, 1))}
              >
                ×
              </Button>
            )}
          </div>
          {open === index && (
            <Narrow key={writeStep(step)} step={step} onChange={(next) => put(index, next)} />
          )}
        </li>
      ))}
      {steps.length < most && (
        <li>
          <Button variant="default" size="xs" onClick={() => onChange([...steps, plain])}>
            Add a step
          </Button>
        </li>
      )}
    </ol>
  )
}

/** Event name, channel, campaign, one property. Written to the address when a field is left. */
function Narrow(props: {
  readonly step: StepText
  readonly onChange: (step: StepText) => void
}): ReactNode {
  const { step, onChange } = props
  const field = (name: 'event' | 'campaign' | 'property' | 'value', label: string): ReactNode => (
    <TextInput
      size="xs"
      label={label}
      defaultValue={step[name]}
      onBlur={({ currentTarget: { value } }) => {
        if (value !== step[name]) onChange({ ...step, [name]: value })
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
  return (
    <div className={classes['narrow']}>
      {field('event', 'Event name')}
      <label className={classes['field']}>
        Channel
        <Pick
          label="Channel"
          any="Any channel"
          options={stepChannels.map((channel) => ({ value: channel, label: words(channel) }))}
          value={step.channel || undefined}
          onChange={(channel) => onChange({ ...step, channel: channel ?? '' })}
        />
      </label>
      {field('campaign', 'Campaign')}
      {field('property', 'Property')}
      {field('value', 'is')}
    </div>
  )
}
