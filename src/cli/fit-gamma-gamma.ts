import { Command } from 'commander'
import { historySource, withHistoryOptions, type HistoryOptions } from './history-source.ts'
import { outputOf } from './common-options.ts'

/** `rapport fit gammagamma`. */
export function fitGammaGammaCommand(): Command {
  const command = withHistoryOptions(
    new Command('gammagamma').description(
      'Gamma-Gamma: what a purchase of a customer is worth (Fader and Hardie 2013).',
    ),
  ).addHelpText(
    'after',
    `
Examples:
  rapport fit gammagamma customers.csv --frequency x --spend m_x
  rapport fit gammagamma orders.csv --customer id --date day --value total --json`,
  )
  return command.action(async (file: string) => {
    const { runFitGammaGamma } = await import('./run-fit-gamma-gamma.ts')
    await runFitGammaGamma({
      output: outputOf(command),
      source: historySource(file, command.opts<HistoryOptions>()),
    })
  })
}
