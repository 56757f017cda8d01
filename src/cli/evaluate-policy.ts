import { Command } from 'commander'
import { outputOf } from './common-options.ts'
import { names, positive, share, whole } from './option-readers.ts'

interface Options {
  readonly action: string
  readonly reward: string
  readonly propensity: string
  readonly policyColumns?: readonly string[]
  readonly policyAction?: string
  readonly modelColumns?: readonly string[]
  readonly actions?: readonly string[]
  readonly features?: readonly string[]
  readonly clip?: number
  readonly switch?: number
  readonly confidence: number
  readonly folds: number
  readonly bootstrap: number
  readonly seed: string
  readonly delimiter: string
}

export function evaluatePolicyCommand(): Command {
  const command = new Command('evaluate-policy')
    .description('What another way of choosing would have brought, from logged decisions.')
    .argument('<file>', 'CSV file, a decision a line; .gz files are read as they are')
    .option('--action <column>', 'what was chosen', 'action')
    .option('--reward <column>', 'what came of it, a number', 'reward')
    .option('--propensity <column>', 'chance with which it was chosen, or one number', 'propensity')
    .option('--policy-columns <columns>', 'chance that the policy gives each action', names)
    .option('--policy-action <column>', 'in their place: the action that the policy chooses')
    .option('--model-columns <columns>', 'expected reward of each action, for dm and dr', names)
    .option('--actions <values>', 'of the column of actions, in the order of the columns', names)
    .option('--features <columns>', 'what was known before: fits a model, or a policy', names)
    .option('--clip <weight>', 'the largest weight', positive)
    .option('--switch <weight>', 'weights above are left to the model (default: chosen)', positive)
    .option('--confidence <share>', 'of the intervals', share, 0.95)
    .option('--folds <number>', 'parts; each is judged by what the others taught', whole(2, 50), 5)
    .option('--bootstrap <draws>', 'intervals from so many draws', whole(0, 100_000), 0)
    .option('--seed <text>', 'the same seed draws the same', '1')
    .option('--delimiter <character>', 'what stands between two cells', ',')
    .addHelpText(
      'after',
      `
Without a policy, one is learned from the features. It is served only where it is shown to be better
than giving everybody the same.

Examples:
  rapport evaluate-policy log.csv --policy-columns p_email,p_push --actions email,push --bootstrap 1000
  rapport evaluate-policy log.csv --policy-action proposed --features recency,orders --json
  rapport evaluate-policy mailing.csv --action segment --reward visit --propensity 0.333333333333 \\
    --features recency,history,channel`,
    )
  return command.action(async (file: string) => {
    const options = command.opts<Options>()
    const { policyColumns = [], policyAction = null, features = [] } = options
    if (policyColumns.length > 0 && policyAction !== null)
      command.error('error: give either --policy-columns or --policy-action')
    if (policyColumns.length === 0 && policyAction === null && features.length === 0)
      command.error(
        'error: give --policy-columns or --policy-action to judge, or --features to learn from',
      )
    const chance = Number(options.propensity)
    const { runEvaluatePolicy } = await import('./run-evaluate-policy.ts')
    await runEvaluatePolicy({
      ...{ output: outputOf(command), file, delimiter: options.delimiter },
      ...{ action: options.action, reward: options.reward, policyColumns, policyAction, features },
      propensity: Number.isNaN(chance) ? options.propensity : chance,
      ...{ modelColumns: options.modelColumns ?? [], actions: options.actions ?? [] },
      ...{ clip: options.clip ?? null, switchAt: options.switch ?? null },
      ...{ confidence: options.confidence, folds: options.folds },
      ...{ bootstrap: options.bootstrap, seed: options.seed },
    })
  })
}
