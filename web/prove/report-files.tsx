/** A report as files: its tables, its page as picture. */
import { Button, Menu } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { reportExport } from '../api.ts'
import type { ReportSearch } from './report-search.ts'
import { savePicture } from './save-picture.ts'

interface ReportFilesProps {
  readonly id: string
  readonly search: ReportSearch
  readonly answer: ReportAnswer<unknown>
}

export function ReportFiles({ id, search, answer }: ReportFilesProps): ReactNode {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default">Download</Button>
      </Menu.Target>
      <Menu.Dropdown mah={480} style={{ overflowY: 'auto' }}>
        <Menu.Label>The page</Menu.Label>
        <Menu.Item onClick={() => void savePicture(id, search, 'png')}>Picture (PNG)</Menu.Item>
        <Menu.Item onClick={() => void savePicture(id, search, 'pdf')}>Paper (PDF)</Menu.Item>
        {answer.tables.map((table) => (
          <div key={table.id}>
            <Menu.Label>{table.title}</Menu.Label>
            {(['csv', 'ndjson', 'parquet'] as const).map((format) => (
              <Menu.Item
                key={format}
                component="a"
                href={reportExport(id, search, { table: table.id, format })}
                download
              >
                {{ csv: 'CSV', ndjson: 'NDJSON', parquet: 'Parquet' }[format]}
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
