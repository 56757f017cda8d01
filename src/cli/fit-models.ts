import { Command, InvalidArgumentError } from 'commander'
import { predictionModelIds, type PredictionModelId } from '../domain/prediction-view.ts'
import { requestOf, withData, type Request } from './common-options.ts'

export interface FitModelsRequest extends Request {
  /** None: all. */
  readonly ids: readonly PredictionModelId[]
}
export type FitModels = (request: FitModelsRequest) => Promise<void>

/** `rapport fit-models`. */
export function fitModelsCommand(fit: FitModels): Command {
  const command = new Command('fit-models')
    .description(
      'Fit what is predicted of people anew, hold it against what came, and score everybody.',
    )
    .argument(
      '[model...]',
      `which: ${predictionModelIds.join(', ')}; all where none is named`,
      collect,
    )
    .addHelpText(
      'after',
      `
The server does so by itself: scores every night, fits every week. A model that does no better than a
simple rule is not served, and says so. Stop the server first where its stores are embedded.

Example:
  rapport fit-models purchases buy`,
    )
  return withData(command).action(() =>
    fit({ ...requestOf(command), ids: (command.processedArgs[0] ?? []) as PredictionModelId[] }),
  )
}

function collect(value: string, before: readonly PredictionModelId[] = []): PredictionModelId[] {
  const id = predictionModelIds.find((one) => one === value)
  if (id === undefined) throw new InvalidArgumentError(`The models are: ${predictionModelIds.join(', ')}.`)
  return [...before, id]
} // prettier-ignore
