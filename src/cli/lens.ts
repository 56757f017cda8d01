import { Command } from 'commander'
import { requestOf, withData, type Request } from './common-options.ts'

export type LensRequest = Request
export interface LensActions {
  readonly status: (request: LensRequest) => Promise<void>
  readonly rebuild: (request: LensRequest) => Promise<void>
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
  const add = (name: keyof LensActions, about: string): void => {
    const own = new Command(name).description(about)
    command.addCommand(withData(own).action(() => actions[name](requestOf(own))))
  }
  add('status', 'How many touchpoints it holds, and how many it is behind.')
  add(
    'rebuild',
    'Drop it and fill it again, with a progress bar. Stop the server first where it is embedded.',
  )
  return command
}
