/** `rapport fit sbg`, `rapport fit kaplanmeier`, `rapport fit cox`: how long customers stay. */
import { Command, Option } from 'commander'
import { outputOf } from './common-options.ts'
import { fromZero, listOf, numberList, positive, share } from './option-readers.ts'
import { withSurvivalOptions } from './survival-source.ts'
import type {
  ContractOptions,
  CoxCommandOptions,
  KaplanMeierOptions,
} from './fit-survival-options.ts'

export function fitSurvivalCommands(): readonly Command[] {
  return [contractCommand(), kaplanMeierCommand(), coxCommand()]
}

function contractCommand(): Command {
  const command = new Command('sbg')
    .description('Shifted-beta-geometric: who renews a contract (Fader and Hardie 2007).')
    .argument('<file>', 'CSV file of cohorts, a period a line, or a customer a line; .gz as it is')
    .option(
      '--survivors <columns>',
      'how many of each cohort are left, from its start on; a column a cohort, with commas',
      listOf,
      [],
    )
    .option(
      '--customers <number>',
      'how many a cohort began with, where its column holds shares',
      positive,
    )
    .option('--periods <column>', 'where a line is a customer: for how many periods it was there')
    .option('--left <column>', 'and whether it went at the end of them: 1 or 0')
    .option(
      '--until <period>',
      'fit to the renewals until this one; what comes later is held against it',
      positive,
    )
    .option('--project <periods>', 'how far to look', positive, 12)
    .option('--discount <rate>', 'of a period, for the lifetime still to come', positive, 0.1)
    .option('--confidence <share>', 'of the intervals', share, 0.95)
    .option('--delimiter <character>', 'what stands between two cells', ',')
    .addHelpText(
      'after',
      `
Examples:
  rapport fit sbg cohorts.csv --survivors started_2023,started_2024 --json
  rapport fit sbg customers.csv --periods months --left churned --discount 0.01`,
    )
  return command.action(async (file: string) => {
    const { runFitContract } = await import('./run-fit-contract.ts')
    await runFitContract({
      output: outputOf(command),
      file,
      options: command.opts<ContractOptions>(),
    })
  })
}

function kaplanMeierCommand(): Command {
  const command = withSurvivalOptions(
    new Command('kaplanmeier').description(
      'Kaplan-Meier: the share still there after a time; with groups, the log-rank test.',
    ),
  )
    .option('--group <column>', 'a curve for each, and whether they differ')
    .option('--strata <column>', 'compare groups within each of these only')
    .option('--at <times>', 'say the share at these times, with commas', numberList, [])
    .addOption(
      new Option('--scale <scale>', 'on which the interval is symmetric')
        .choices(['log', 'log-log'])
        .default('log'),
    )
    .option('--confidence <share>', 'of the intervals', share, 0.95)
    .addHelpText(
      'after',
      `
Example:
  rapport fit kaplanmeier customers.csv --time months --event churned --group plan --at 12,24`,
    )
  return command.action(async (file: string) => {
    const { runFitKaplanMeier } = await import('./run-fit-kaplan-meier.ts')
    await runFitKaplanMeier({
      ...{ output: outputOf(command), file, options: command.opts<KaplanMeierOptions>() },
    })
  })
}

function coxCommand(): Command {
  const command = withSurvivalOptions(
    new Command('cox').description('Cox proportional hazards: what makes it end sooner or later.'),
  )
    .option('--covariates <columns>', 'numbers that may matter, with commas', listOf, [])
    .option(
      '--categories <columns>',
      'texts that may matter; held against the first of each',
      listOf,
      [],
    )
    .option('--strata <column>', 'each with a baseline hazard of its own')
    .option('--cluster <column>', 'lines that belong together, such as those of a person')
    .addOption(
      new Option('--ties <method>', 'where several ended at the same time')
        .choices(['efron', 'breslow'])
        .default('efron'),
    )
    .option('--robust', 'errors that hold where the model does not (Lin and Wei)', false)
    .option('--ridge <penalty>', 'draw coefficients of standard deviation 1 to 0', fromZero, 0)
    .option('--confidence <share>', 'of the intervals', share, 0.95)
    .addHelpText(
      'after',
      `
Example:
  rapport fit cox customers.csv --time months --event churned --covariates age,price --categories plan`,
    )
  return command.action(async (file: string) => {
    const { runFitCox } = await import('./run-fit-cox.ts')
    await runFitCox({ output: outputOf(command), file, options: command.opts<CoxCommandOptions>() })
  })
}
