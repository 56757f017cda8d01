import { Command } from 'commander'
import { fitBgbbCommand } from './fit-bgbb.ts'
import { fitGammaGammaCommand } from './fit-gamma-gamma.ts'
import { fitPurchasesCommands } from './fit-purchases.ts'
import { fitSurvivalCommands } from './fit-survival.ts'

/** `rapport fit <model> <file>`: each model in its own file, added here. */
export function fitCommand(): Command {
  const command = new Command('fit')
    .description('Fit a model to a file, and say its parameters with their errors.')
    .addHelpText(
      'after',
      `
Example:
  rapport fit bgnbd customers.csv --frequency x --recency t_x --age T
  rapport fit bgnbd --help`,
    )
  const models = [
    ...fitPurchasesCommands(),
    ...[fitBgbbCommand(), fitGammaGammaCommand()],
    ...fitSurvivalCommands(),
  ]
  for (const model of models) command.addCommand(model)
  return command
}
