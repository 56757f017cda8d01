/**
 * The lens: how fast it is filled from PostgreSQL, how much disk it takes, and how long each report takes
 * over how much history. Reports run with their usual parameters over two years, as a page asks them.
 *   npm run bench -- lens --touchpoints 10000000
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLensReader } from '../src/store/lens-reader.ts'
import { fillLens, touchpointsEach } from './fill-lens.ts'
import { lensDdl } from '../src/store/lens-tables.ts'
import { loadModel } from '../src/relationship/parse-model.ts'
import { machineTime } from './processes.ts'
import { milliseconds, number, printTable, quantile, type Figure } from './table.ts'
import { openLens } from '../src/store/lens.ts'
import { readModelFile } from '../src/app/playbooks.ts'
import { reports } from '../src/prove/reports.ts'
import { runReport } from '../src/prove/run-report.ts'
import type { ClickHouseClient } from '@clickhouse/client'
import type { Exporter } from '../src/store/exporter/exporter.ts'
import type { ReportParts } from '../src/prove/run-report.ts'

const rounds = 3
const daysAsked = [90, 730]

/** The bench fills the lens itself. */
const noExporter: Exporter = {
  catchUp: async () => ({ copied: 0, total: 0 }),
  underWay: () => null,
  follow: () => {},
  archive: async () => 0,
  rebuild: async () => ({ copied: 0, total: 0 }),
  stop: async () => {},
}

export async function lens(touchpoints: number, only: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-'))
  const open = openLens({ dataFolder: folder })
  const now = Date.now()
  try {
    const client = await open.client()
    for (const query of lensDdl({ kind: 'merge_tree' })) await client.command({ query })
    const began = performance.now()
    const onProgress = (made: number): void =>
      void process.stderr.write(`  made ${number(made)} of ${number(touchpoints)}\r`)
    await fillLens(client, { touchpoints, now, onProgress })
    const seconds = (performance.now() - began) / 1000
    const model = loadModel(readModelFile('saas'))
    const parts: ReportParts = {
      reader: createLensReader({ lens: open, exporter: noExporter }),
      model: async () => model,
      copySegment: async () => null,
      now: () => now,
    }
    printTable(
      `The lens with ${number(touchpoints)} touchpoints of ${number(touchpoints / touchpointsEach)} people`,
      [
        { what: 'size on disk', figure: `${number((await sizeOf(client)) / 1e6)} MB` },
        { what: 'a touchpoint', figure: `${number((await sizeOf(client)) / touchpoints)} bytes` },
        { what: 'made by ClickHouse itself', figure: `${number(touchpoints / seconds)}/s` },
      ],
    )
    for (const days of daysAsked) await timeReports(parts, { days, only, now, touchpoints })
  } finally {
    await open.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Timing {
  readonly days: number
  readonly only: readonly string[]
  readonly now: number
  readonly touchpoints: number
}

async function timeReports(
  parts: ReportParts,
  { days, only, now, touchpoints }: Timing,
): Promise<void> {
  const from = new Date(now - (days - 1) * 86_400_000).toISOString().slice(0, 10)
  const figures: Figure[] = []
  for (const report of reports) {
    if (only.length > 0 && !only.includes(report.id)) continue
    const usual = report.parameters.parse({})
    const taken: number[] = []
    const busyBefore = machineTime()
    for (let round = 0; round < rounds; round++) {
      const began = performance.now()
      await runReport(parts, report, { ...usual, from })
      taken.push(performance.now() - began)
    }
    const cpu = (machineTime() - busyBefore) / rounds
    figures.push({
      what: report.title,
      figure: `${milliseconds(quantile(taken, 0.5))} (first ${milliseconds(taken[0] ?? 0)}, processors ${milliseconds(cpu)})`,
      target: touchpoints === 10_000_000 ? 'under 1 s' : '',
    })
  }
  printTable(`Reports over ${days} days, middle of ${rounds}`, figures)
}

async function sizeOf(client: ClickHouseClient): Promise<number> {
  const result = await client.query({
    query:
      'select sum(bytes_on_disk) as bytes from system.parts where active and database = currentDatabase()',
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ bytes: number }>()
  return row?.bytes ?? 0
}
