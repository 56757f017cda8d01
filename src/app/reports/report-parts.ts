/** What reports are made of, for whoever asks one: the API, and what is sent at set times. */
import { copySegment } from '../../store/copy-segment.ts'
import type { Engine } from '../engine.ts'
import type { Parts } from '../start-rapport.ts'
import type { ReportParts } from '../../prove/run-report.ts'

export function reportPartsOf(
  { truth, lens }: Pick<Parts, 'truth' | 'lens'>,
  { history, models, now }: Engine,
): ReportParts {
  return {
    reader: history.reader,
    model: async () => (await models.serving(truth.db)).compiled,
    copySegment: (id) => copySegment(truth, lens, id),
    now,
  }
}
