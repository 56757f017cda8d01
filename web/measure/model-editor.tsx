import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import type { CurrentModel, ModelCheck } from '../answers.ts'
import { queries, sayProblem, send } from '../api.ts'
import { CodeEditor, showLine } from '../ui/code-editor.tsx'
import { Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Failed } from '../ui/states.tsx'
import { tell, tellUndo } from '../ui/toast.tsx'
import { DryRun } from './dry-run.tsx'
import classes from './model-editor.module.css'

/** Edit, see who would move, then apply. Applying can be taken back: the old file is applied again. */
export function ModelEditor({ current }: { current: CurrentModel }): ReactNode {
  const [yaml, setYaml] = useState(current.yaml)
  const area = useRef<HTMLTextAreaElement>(null)
  const [checked, setChecked] = useState<{ yaml: string; result: ModelCheck } | null>(null)
  const check = useMutation({
    mutationFn: (text: string) => send<ModelCheck>('POST', '/api/model/check', { yaml: text }),
    onSuccess: (result, text) => setChecked({ yaml: text, result }),
  })
  const apply = useApply(current.yaml)
  // A result is about the text that was checked; after another change it must be asked for again.
  const result = checked?.yaml === yaml ? checked.result : null
  return (
    <>
      <Panel
        title="The model as YAML"
        about={yaml === current.yaml ? 'As applied' : 'Changed, not applied'}
        actions={<Playbooks choose={setYaml} />}
      >
        <CodeEditor
          label="Model as YAML"
          value={yaml}
          onChange={setYaml}
          faults={result?.errors ?? []}
          area={area}
        />
        <div className={classes['actions']}>
          <Button onClick={() => check.mutate(yaml)} disabled={check.isPending}>
            {check.isPending ? 'Checking…' : 'Check: who would move?'}
          </Button>
          <Button
            variant="default"
            disabled={result?.ok !== true || yaml === current.yaml || apply.isPending}
            onClick={() => apply.mutate(yaml)}
          >
            {apply.isPending ? 'Applying…' : 'Apply'}
          </Button>
          {yaml !== current.yaml && (
            <Button variant="subtle" onClick={() => setYaml(current.yaml)}>
              Back to the applied one
            </Button>
          )}
        </div>
        {check.error && <Failed says={sayProblem(check.error)} />}
        {apply.error && <Failed says={sayProblem(apply.error)} />}
        {result && !result.ok && (
          <Faults
            errors={result.errors}
            show={(line) => area.current && showLine(area.current, line)}
          />
        )}
      </Panel>
      {result?.dryRun && <DryRun run={result.dryRun} />}
    </>
  )
}

function useApply(before: string) {
  const client = useQueryClient()
  const put = useMutation({
    mutationFn: (yaml: string) => send('PUT', '/api/model', { yaml }),
    // With another model every number may differ.
    onSettled: () => client.invalidateQueries(),
  })
  return useMutation({
    mutationFn: (yaml: string) => put.mutateAsync(yaml),
    onSuccess: () => {
      tellUndo('Applied. Everyone is measured by it now.', () => {
        put.mutate(before, { onSuccess: () => tell('The model before is applied again.') })
      })
    },
  })
}

interface FaultsProps {
  readonly errors: ModelCheck['errors']
  readonly show: (line: number) => void
}

function Faults({ errors, show }: FaultsProps): ReactNode {
  return (
    <ul className={classes['faults']} role="alert">
      {errors.map((error) => (
        <li key={`${error.line} ${error.path} ${error.message}`}>
          <button type="button" className={classes['line']} onClick={() => show(error.line)}>
            Line {error.line}
          </button>
          {error.path !== '' && <code> {error.path}</code>}: {error.message}
        </li>
      ))}
    </ul>
  )
}

function Playbooks({ choose }: { choose: (yaml: string) => void }): ReactNode {
  const playbooks = useQuery(queries.playbooks()).data?.playbooks ?? []
  if (playbooks.length === 0) return null
  return (
    <Pick
      label="Start from a playbook"
      any="Start from a playbook…"
      value={undefined}
      options={playbooks.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(id) => {
        const playbook = playbooks.find((one) => one.id === id)
        if (playbook) choose(playbook.yaml)
      }}
    />
  )
}
