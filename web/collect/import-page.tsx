/** A file becomes touchpoints: choose it, look at its first rows, say what its columns mean, start. */
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { ImportPreview } from '../../src/domain/import-view.ts'
import { sayProblem, send } from '../api.ts'
import { CodeEditor } from '../ui/code-editor.tsx'
import { formatBytes, plural } from '../ui/number.ts'
import { Page, Panel } from '../ui/page.tsx'
import { Failed, Lines } from '../ui/states.tsx'
import { FilePick } from './file-pick.tsx'
import { ImportJobs } from './import-jobs.tsx'
import classes from './import-page.module.css'
import { upload } from './upload.ts'

/** The server suggests a mapping from as much of the file. */
const previewBytes = 64 * 1024
const rowsShown = 5

export function ImportPage(): ReactNode {
  const [file, setFile] = useState<File | null>(null)
  return (
    <Page
      title="Import"
      about="CSV or NDJSON. A file can be imported again safely: what was already taken counts as a repeat."
    >
      {file === null ? (
        <Panel title="Choose a file">
          <FilePick onPick={setFile} />
        </Panel>
      ) : (
        <Prepare key={`${file.name} ${file.lastModified}`} file={file} done={() => setFile(null)} />
      )}
      <ImportJobs />
    </Page>
  )
}

function Prepare({ file, done }: { file: File; done: () => void }): ReactNode {
  const client = useQueryClient()
  const [mapping, setMapping] = useState<string | null>(null)
  const [sent, setSent] = useState(0)
  const preview = usePreview(file, setMapping)
  const start = useMutation({
    mutationFn: (yaml: string) => upload({ file, mapping: yaml }, setSent),
    onSuccess: async () => {
      done()
      await client.invalidateQueries({ queryKey: ['imports'] })
    },
  })
  return (
    <Panel
      title={file.name}
      about={formatBytes(file.size)}
      actions={
        <Button variant="subtle" size="xs" onClick={done} disabled={start.isPending}>
          Choose another file
        </Button>
      }
    >
      {preview.isPending && <Lines count={6} />}
      {preview.error && (
        <Failed says={sayProblem(preview.error)} retry={() => preview.mutate(undefined)} />
      )}
      {preview.data && mapping !== null && (
        <div className={classes['steps']}>
          <FirstRows preview={preview.data} />
          <div>
            <h3>What the columns mean</h3>
            <p className={classes['note']}>
              Suggested from the names and the first rows. Change what is not right.
            </p>
            <CodeEditor label="Mapping as YAML" value={mapping} onChange={setMapping} rows={16} />
          </div>
          {start.error && <Failed says={sayProblem(start.error)} />}
          <div>
            <Button onClick={() => start.mutate(mapping)} disabled={start.isPending}>
              {start.isPending
                ? `Sending, ${formatBytes(sent)} of ${formatBytes(file.size)}`
                : 'Start the import'}
            </Button>
          </div>
        </div>
      )}
    </Panel>
  )
}

function usePreview(file: File, suggest: (yaml: string) => void) {
  const preview = useMutation({
    mutationFn: () => {
      const form = new FormData()
      form.set('file', file.slice(0, previewBytes), file.name)
      return send<ImportPreview>('POST', '/api/imports/preview', form)
    },
    onSuccess: (answer) => suggest(answer.suggestedMapping),
  })
  const [asked, setAsked] = useState(false)
  if (!asked) {
    setAsked(true)
    preview.mutate(undefined)
  }
  return preview
}

function FirstRows({ preview }: { preview: ImportPreview }): ReactNode {
  const format = preview.format === 'csv' ? 'CSV' : 'NDJSON'
  return (
    <div>
      <h3>The first rows</h3>
      <p className={classes['note']}>
        {format}, {preview.encoding}, {plural(preview.columns.length, 'column')}
      </p>
      <div className={classes['scroll']} tabIndex={0} role="region" aria-label="The first rows">
        <table className={classes['table']}>
          <thead>
            <tr>
              {preview.columns.map((column, index) => (
                <th scope="col" key={`${column} ${index}`}>
                  {column}
                  <span className={classes['kind']}>{preview.guesses[index]?.kind}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.slice(0, rowsShown).map((row, line) => (
              <tr key={line}>
                {preview.columns.map((column, index) => (
                  <td key={`${column} ${index}`}>{row[index] ?? ''}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {preview.remarks.length > 0 && (
        <ul className={classes['remarks']}>
          {preview.remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
