/** Making and changing a segment: the builder, what it says, who it holds, and saving. */
import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useMemo, useState } from 'react'
import type { SegmentView } from '../../src/domain/segment-view.ts'
import { sayProblem } from '../api.ts'
import { Choice } from '../ui/choice.tsx'
import type { PickGroup } from '../ui/multi-pick.tsx'
import { Panel } from '../ui/page.tsx'
import { Failed } from '../ui/states.tsx'
import { draftOf, dropDraft, keepDraft } from './drafts.ts'
import { TreeBuilder } from './builder/tree-builder.tsx'
import { Preview, usePreview } from './preview.tsx'
import { withoutIds } from './rule-tree.ts'
import classes from './segment-editor.module.css'
import type { SegmentDraft } from './segment-queries.ts'
import { useSentence } from './use-words.ts'

interface SegmentEditorProps {
  readonly draft: SegmentDraft
  /** By which what is not saved yet is found again. */
  readonly draftKey: string
  /** New ones may still choose of whom they are made. */
  readonly isNew: boolean
  readonly kindGroups: readonly PickGroup[]
  readonly save: (draft: SegmentDraft) => Promise<SegmentView>
  readonly saved: (segment: SegmentView) => void
}

/** The count is asked for when nothing was typed for so long. */
const pauseMs = 350

const sorts = [
  { value: 'person', label: 'People' },
  { value: 'account', label: 'Accounts' },
] as const

export function SegmentEditor(props: SegmentEditorProps): ReactNode {
  const { isNew, kindGroups, saved, draftKey } = props
  const [draft, setDraft] = useState(() => draftOf(draftKey) ?? props.draft)
  const [isBack, setBack] = useState(() => draftOf(draftKey) !== undefined)
  const change = (part: Partial<SegmentDraft>): void => {
    const next = { ...draft, ...part }
    keepDraft(draftKey, next)
    setDraft(next)
  }
  const startOver = (): void => {
    dropDraft(draftKey)
    setDraft(props.draft)
    setBack(false)
  }
  const bare = useMemo(() => withoutIds(draft.tree), [draft.tree])
  const [settled] = useDebouncedValue(bare, pauseMs)
  const preview = usePreview(draft.kind, settled)
  const sentence = useSentence()
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: props.save,
    onSuccess: (segment) => {
      dropDraft(draftKey)
      client.setQueryData(['segment', segment.id], segment)
      void client.invalidateQueries({ queryKey: ['segments'] })
      saved(segment)
    },
  })
  const isEmpty = draft.tree.rules.length === 0
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!isEmpty && !save.isPending) save.mutate({ ...draft, tree: bare })
  }
  return (
    <form className={classes['editor']} onSubmit={submit}>
      <div className={classes['main']}>
        {isBack && <Restored startOver={startOver} />}
        <Panel title="What it is called">
          <div className={classes['names']}>
            <TextInput
              label="Name"
              value={draft.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
              required
              withAsterisk={false}
              maxLength={120}
              autoComplete="off"
            />
            <TextInput
              label="What it is for (may stay empty)"
              value={draft.about}
              onChange={(event) => change({ about: event.currentTarget.value })}
              maxLength={500}
              autoComplete="off"
            />
          </div>
          {isNew && (
            <div className={classes['kind']}>
              <Choice
                label="Made of"
                options={sorts}
                value={draft.kind}
                onChange={(kind) => change({ kind })}
              />
            </div>
          )}
        </Panel>
        <Panel title={draft.kind === 'person' ? 'Who is inside' : 'Which accounts are inside'}>
          <TreeBuilder
            key={draft.kind}
            kind={draft.kind}
            tree={draft.tree}
            onChange={(tree) => change({ tree })}
            faults={preview.faults}
            kindGroups={kindGroups}
          />
        </Panel>
      </div>
      <div className={classes['side']}>
        <Panel title="Right now">
          <Preview
            preview={preview}
            kind={draft.kind}
            isEmpty={isEmpty}
            isBehind={settled !== bare}
          />
          <h3 className={classes['saysHead']}>In words</h3>
          <p className={classes['says']}>{sentence({ kind: draft.kind, tree: bare })}</p>
          {save.error && <Failed says={sayProblem(save.error)} />}
          <Button type="submit" fullWidth disabled={isEmpty || save.isPending}>
            {save.isPending ? 'Saving…' : isNew ? 'Save segment' : 'Save as a new version'}
          </Button>
          {!isNew && (
            <p className={classes['hint']}>The present members stay until the new version is built.</p>
          )}
        </Panel>
      </div>
    </form>
  )
} // prettier-ignore

function Restored({ startOver }: { startOver: () => void }): ReactNode {
  return (
    <div className={classes['restored']} role="status">
      <span>What you had not saved is back.</span>
      <Button size="compact-sm" variant="default" onClick={startOver}>
        Start over
      </Button>
    </div>
  )
}
