import { Command } from 'commander'
import { requestOf, withData, type Request } from './common-options.ts'
import { wholeMonths } from './whole-months.ts'

export type LensRequest = Request
export interface LensArchiveRequest extends Request {
  readonly months: number
}

export interface LensActions {
  readonly status: (request: LensRequest) => Promise<void>
  readonly rebuild: (request: LensRequest) => Promise<void>
  readonly archive: (request: LensArchiveRequest) => Promise<void>
}

/** `rapport lens status` and `rapport lens rebuild`. */
export function lensCommand(actions: LensActions): Command {
  const command = new Command('lens')
    .description('The store of history behind reports: how far it is, or made anew.')
    .addHelpText(
      'after',
      `
It is a copy of the truth, so it can be dropped and filled again at any time.

Example:
  rapport lens rebuild`,
    )
  const add = (name: 'status' | 'rebuild', about: string): void => {
    const own = new Command(name).description(about)
    command.addCommand(withData(own).action(() => actions[name](requestOf(own))))
  }
  add('status', 'How many touchpoints it holds, and how many it is behind.')
  add(
    'rebuild',
    'Drop it and fill it again, with a progress bar. Stop the server first where it is embedded.',
  )
  const archive = withData(
    new Command('archive')
      .description(
        'Put old months into Parquet files in the data folder; they are counted as before.',
      )
      .requiredOption('--older-than <months>', 'whole months', wholeMonths),
  )
  archive.action(() =>
    actions.archive({
      ...requestOf(archive),
      months: archive.opts<{ olderThan: number }>().olderThan,
    }),
  )
  command.addCommand(archive)
  return command
}
