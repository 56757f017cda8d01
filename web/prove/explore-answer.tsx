/** The answer: as a table, a line or bars, and as a file. */
import { Button, Menu } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ExploreAnswer } from '../../src/domain/explore-view.ts'
import type { ReportTable } from '../../src/domain/report-view.ts'
import { exploreExport } from '../api.ts'
import { formatCount, plural } from '../ui/number.ts'
import { Choice } from '../ui/choice.tsx'
import { Panel } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { ExploreChart, isNumeric } from './explore-chart.tsx'
import { TableOfReport } from './report-table.tsx'
import classes from './explore.module.css'

interface ExploreAnswerProps {
  readonly sql: string
  readonly answer: ExploreAnswer
  readonly show: string | undefined
  readonly setShow: (show: string | undefined) => void
}

const forms = ['table', 'line', 'bars'] as const
type Form = (typeof forms)[number]
/** Longer addresses are refused by servers and proxies. */
const longestAddress = 7_000

export function ExploreAnswerPanel({ sql, answer, show, setShow }: ExploreAnswerProps): ReactNode {
  const form: Form = forms.find((one) => one === show) ?? 'table'
  const { rows, isCut, rowsRead, milliseconds } = answer
  return (
    <Panel
      title="Answer"
      about={`${isCut ? 'The first ' : ''}${plural(rows.length, 'row')}, ${formatCount(rowsRead)} read, ${formatCount(milliseconds)} ms. ${
        isCut ? 'More are in the file.' : ''
      }`}
      actions={
        <div className={classes['controls']}>
          <Choice
            label="Show as"
            options={[
              { value: 'table', label: 'Table' },
              { value: 'line', label: 'Line' },
              { value: 'bars', label: 'Bars' },
            ]}
            value={form}
            onChange={(next) => setShow(next === 'table' ? undefined : next)}
          />
          <Files sql={sql} />
        </div>
      }
    >
      {rows.length === 0 ? (
        <Empty title="No rows" />
      ) : form === 'table' ? (
        <TableOfReport table={tableOf(answer)} />
      ) : (
        <ExploreChart answer={answer} form={form} />
      )}
    </Panel>
  )
}

function Files({ sql }: { sql: string }): ReactNode {
  const isTooLong = encodeURIComponent(sql).length > longestAddress
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" disabled={isTooLong}>
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['csv', 'ndjson', 'parquet'] as const).map((format) => (
          <Menu.Item key={format} component="a" href={exploreExport(sql, format)} download>
            {{ csv: 'CSV', ndjson: 'NDJSON', parquet: 'Parquet' }[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function tableOf({ columns, rows }: ExploreAnswer): ReportTable {
  return {
    id: 'answer',
    title: 'Answer',
    columns: columns.map(({ name, type }, i) => ({
      id: `${i} ${name}`,
      name,
      unit: isNumeric(type) ? 'number' : 'text',
    })),
    rows,
  }
}
