import { Command } from 'commander'
import { requestOf, withData, type Request } from './common-options.ts'

export interface ReplayRequest extends Request {
  /** Path of the model to measure with; null for the one that serves. */
  readonly model: string | null
}
export type Replay = (request: ReplayRequest) => Promise<void>

export function replayCommand(replay: Replay): Command {
  const command = new Command('replay')
    .description(
      'Measure all relationships anew from the whole history, with this or another model.',
    )
    .option('--model <file>', 'YAML file of a model to apply (default: the one that serves)')
    .addHelpText(
      'after',
      `
Until it is done the present figures are served.

Example:
  rapport replay --model models/creator.yaml`,
    )
  return withData(command).action(() => {
    const { model } = command.opts<{ model?: string }>()
    return replay({ ...requestOf(command), model: model ?? null })
  })
}
