import { Command } from 'commander'
import { fitGammaGammaCommand } from './fit-gamma-gamma.ts'
import { fitPurchasesCommands } from './fit-purchases.ts'
import { fitSurvivalCommands } from './fit-survival.ts'

/** `rapport fit <model> <file>`: each model in its own file, added here. */
export function fitCommand(): Command {
  const command = new Command('fit').description(
    'Fit a model to a file, and say its parameters with their errors.',
  )
  for (const model of [...fitPurchasesCommands(), fitGammaGammaCommand(), ...fitSurvivalCommands()])
    command.addCommand(model)
  return command
}
