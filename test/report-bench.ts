/** For tests of reports: both stores, filled with the demo company, and a way to ask. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '../src/app/compose.ts'
import { createLive } from '../src/app/live.ts'
import { loadDemo } from '../src/app/load-demo.ts'
import { readConfig } from '../src/app/config.ts'
import { copySegment } from '../src/store/copy-segment.ts'
import { openLens } from '../src/store/lens.ts'
import { freshDatabase, type TestTruth } from '../src/store/testing.ts'
import { reportQuery, type ReportAnswer } from '../src/domain/report-view.ts'
import { reports } from '../src/prove/reports.ts'
import { runReport, type ReportParts } from '../src/prove/run-report.ts'
import type { Engine } from '../src/app/engine.ts'

export interface ReportBench {
  readonly truth: TestTruth
  readonly engine: Engine
  readonly now: number
  /** What a report answers; its query is parsed as it is over HTTP. */
  readonly ask: <Picture>(
    id: string,
    query?: Readonly<Record<string, string>>,
  ) => Promise<ReportAnswer<Picture>>
  /** A query on the lens. */
  readonly lens: <Row>(query: string) => Promise<Row[]>
  readonly close: () => Promise<void>
}

/** The day on which the demo of tests ends. */
export const demoNow = Date.UTC(2026, 10, 23, 12)

export async function openReportBench(people = 400): Promise<ReportBench> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-reports-'))
  const truth = await freshDatabase()
  const lens = openLens({ dataFolder: folder })
  const config = readConfig({ RAPPORT_DATA: folder })
  const now = (): number => demoNow
  const engine = await createEngine({ config, truth, lens, live: createLive() }, { now })
  await loadDemo(truth.db, engine, () => {}, people)
  await engine.history.exporter.catchUp()
  const reader = engine.history.reader
  const parts: ReportParts = {
    reader,
    model: async () => (await engine.models.serving(truth.db)).compiled,
    copySegment: (id) => copySegment(truth, lens, id),
    now,
  }
  return {
    ...{ truth, engine, now: demoNow },
    async ask<Picture>(id: string, query: Readonly<Record<string, string>> = {}) {
      const report = reports.find((one) => one.id === id)
      if (report === undefined) throw new RangeError(`There is no report ${id}.`)
      const asked = reportQuery.extend(report.parameters.shape).parse(query)
      return (await runReport(parts, report, asked)) as ReportAnswer<Picture>
    },
    lens: (query) => reader.rows(query),
    async close() {
      await engine.stop()
      await lens.close()
      await truth.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
