import { Command } from 'commander'
import { historySource, withHistoryOptions, type HistoryOptions } from './history-source.ts'
import { outputOf } from './common-options.ts'
import { fromZero, positive } from './option-readers.ts'

interface Options extends HistoryOptions {
  readonly model?: string
  readonly spendModel?: string
  readonly parameters?: string
  readonly horizon: number
  readonly discount: number
}

/** `rapport predict <file>`. */
export function predictCommand(): Command {
  const command = withHistoryOptions(
    new Command('predict').description(
      'Say what each customer of a file will do, by a fitted model: CSV, or JSON a line.',
    ),
  )
    .option('--model <file>', 'what `rapport fit ... --json` said')
    .option('--parameters <text>', 'instead: bgnbd:r=.243,alpha=4.414,a=.793,b=2.426')
    .option('--spend-model <file>', 'what `rapport fit gammagamma --json` said, for the worth')
    .option('--horizon <time>', 'how far ahead, in the unit of the times', fromZero, 52)
    .option('--discount <rate>', 'of contracts, a period, for the lifetime to come', positive, 0.1)
    .addHelpText(
      'after',
      `
Examples:
  rapport fit bgnbd customers.csv --json > model.json
  rapport predict customers.csv --model model.json --horizon 39
  rapport predict contracts.csv --parameters sbg:alpha=.668,beta=3.806 --age renewals --horizon 5`,
    )
  return command.action(async (file: string) => {
    const options = command.opts<Options>()
    const { runPredict } = await import('./run-predict.ts')
    await runPredict({
      output: outputOf(command),
      source: historySource(file, options),
      ...{ model: options.model ?? null, parameters: options.parameters ?? null },
      ...{ spendModel: options.spendModel ?? null, horizon: options.horizon },
      discount: options.discount,
    })
  })
}
