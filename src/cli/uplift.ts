import { Command, Option } from 'commander'
import { learnerNames, type LearnerName } from '../prove/uplift/learners.ts'
import { upliftMethods, type UpliftMethod } from '../prove/uplift/uplift-methods.ts'
import { outputOf } from './common-options.ts'
import { names, whole } from './option-readers.ts'

interface Options {
  readonly treatment: string
  readonly outcome: string
  readonly features?: readonly string[]
  readonly score?: string
  readonly treated?: string
  readonly control?: string
  readonly method: UpliftMethod | 'all'
  readonly learner: LearnerName
  readonly folds: number
  readonly bootstrap: number
  readonly seed: string
  readonly delimiter: string
}

export function upliftCommand(): Command {
  const command = new Command('uplift')
    .description('Whose outcome a treatment changes, from an experiment: Qini, AUUC, deciles.')
    .argument('<file>', 'CSV file, a person a line; .gz files are read as they are')
    .requiredOption('--treatment <column>', 'who was treated, by a draw of lots')
    .requiredOption('--outcome <column>', '1 where it came, else 0')
    .option('--features <columns>', 'what is known before, with commas: numbers or kinds', names)
    .option('--score <column>', 'only judge these scores, learn nothing')
    .option('--treated <value>', 'in the column of treatment (default: 1)')
    .option('--control <value>', 'in the column of treatment (default: 0)')
    .addOption(
      new Option('--method <name>', 'how to learn')
        .choices(['all', ...upliftMethods])
        .default('all'),
    )
    .addOption(
      new Option('--learner <name>', 'what to learn with')
        .choices([...learnerNames])
        .default('logistic'),
    )
    .option('--folds <number>', 'parts; each is scored by what the others taught', whole(2, 20), 5)
    .option('--bootstrap <draws>', 'for intervals of 95 %', whole(20, 100_000), 400)
    .option('--seed <text>', 'the same seed draws the same', '1')
    .option('--delimiter <character>', 'what stands between two cells', ',')
    .addHelpText(
      'after',
      `
Examples:
  rapport uplift mailing.csv --treatment mailed --outcome visit --features recency,history,channel
  rapport uplift mailing.csv --treatment segment --treated "Womens E-Mail" --control "No E-Mail" \\
    --outcome visit --features recency,history --learner trees
  rapport uplift scored.csv --treatment mailed --outcome visit --score score --json`,
    )
  return command.action(async (file: string) => {
    const options = command.opts<Options>()
    const { features = [], score = null, treated = '1', control = '0' } = options
    if ((score === null) === (features.length === 0))
      command.error('error: give either --features to learn from or --score to judge')
    const areNamed = options.treated !== undefined || options.control !== undefined
    const { runUplift } = await import('./run-uplift.ts')
    await runUplift({
      ...{ output: outputOf(command), file, delimiter: options.delimiter },
      ...{ treatment: options.treatment, outcome: options.outcome, features, score },
      arms: { treated, control, areNamed },
      methods: options.method === 'all' ? [...upliftMethods] : [options.method],
      ...{ learner: options.learner, folds: options.folds },
      ...{ bootstrap: options.bootstrap, seed: options.seed },
    })
  })
}
