import { Command } from 'commander'
import { requestOf, withData, type Request } from './common-options.ts'

export interface ImportRequest extends Request {
  /** Path of the CSV or NDJSON file. */
  readonly file: string
  /** Path of the YAML mapping; without one, a mapping is suggested from the file. */
  readonly mapping: string | null
  /** Id of the source to count under; null for the one that the mapping names. */
  readonly source: string | null
  /** Read and check everything, take nothing. */
  readonly dryRun: boolean
}
export type Import = (request: ImportRequest) => Promise<void>

interface Options {
  readonly mapping?: string
  readonly source?: string
  readonly dryRun?: boolean
}

export function importCommand(importFile: Import): Command {
  const command = new Command('import')
    .description(
      'Take the touchpoints of a CSV or NDJSON file. An interrupted import goes on where it was.',
    )
    .argument('<file>', 'path of the file; .gz files are read as they are')
    .option('--mapping <file>', 'YAML file that says which column is what')
    .option(
      '--source <id>',
      'source that the touchpoints are counted under (default: as the mapping says)',
    )
    .option('--dry-run', 'check the file and say what would be taken')
    .addHelpText(
      'after',
      `
Example:
  rapport import orders.csv --mapping orders.yaml --source shop`,
    )
  return withData(command).action((file: string) => {
    const { mapping, source, dryRun } = command.opts<Options>()
    return importFile({
      ...requestOf(command),
      file,
      mapping: mapping ?? null,
      source: source ?? null,
      dryRun: dryRun === true,
    })
  })
}
