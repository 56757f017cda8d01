import { Command, InvalidArgumentError, Option } from 'commander'
import { methodNames, type MethodName } from '../prove/attribution/attribute.ts'
import { outputOf } from './common-options.ts'
import { positive, whole } from './option-readers.ts'
import { ruleNames } from '../prove/attribution/rules.ts'

interface Options {
  readonly path: string
  readonly conversions: string
  readonly value?: string
  readonly nulls?: string
  readonly separator: string
  readonly delimiter: string
  readonly order: readonly number[]
  readonly halfLife: number
  readonly methods: readonly string[]
  readonly bootstrap: number
  readonly seed: string
}

const families = [...ruleNames, 'markov', 'shapley'] as const

export function attributeCommand(): Command {
  const command = new Command('attribute')
    .description('Share the credit for outcomes among the channels that went before them.')
    .argument('<file>', 'CSV file, a path a line; .gz files are read as they are')
    .option('--path <column>', 'column with the path, oldest step first', 'path')
    .option('--conversions <column>', 'how many such paths ended in an outcome', 'conversions')
    .option('--value <column>', 'what these were worth together (default: "value", if there)')
    .option('--nulls <column>', 'how many ended in nothing (default: "nulls", if there)')
    .option('--separator <text>', 'what stands between two steps', '>')
    .option('--delimiter <character>', 'what stands between two cells', ',')
    .addOption(
      new Option('--order <numbers>', 'orders of Markov, 1 to 4, with commas')
        .argParser(orders)
        .default([1], '1'),
    )
    .option('--half-life <steps>', 'of time decay', positive, 7)
    .addOption(
      new Option('--methods <names>', `with commas, of: ${families.join(', ')}`)
        .argParser(names)
        .default([...families], 'all'),
    )
    .option('--bootstrap <draws>', 'intervals of 95 %, from so many draws', whole(0, 100_000), 0)
    .option('--seed <text>', 'the same seed draws the same', '1')
    .addHelpText(
      'after',
      `
Example:
  rapport attribute paths.csv --conversions orders --value revenue --order 1,2 --bootstrap 200`,
    )
  return command.action(async (file: string) => {
    const options = command.opts<Options>()
    const { runAttribute } = await import('./run-attribute.ts')
    await runAttribute({
      output: outputOf(command),
      file,
      ...{ delimiter: options.delimiter, separator: options.separator },
      columns: {
        ...{ path: options.path, conversions: options.conversions },
        ...{ value: options.value ?? null, nulls: options.nulls ?? null },
      },
      methods: methodsOf(options),
      ...{ halfLife: options.halfLife, bootstrap: options.bootstrap, seed: options.seed },
    })
  })
}

function methodsOf({ methods, order }: Options): MethodName[] {
  const chosen = new Set(
    methods.flatMap((name) => (name === 'markov' ? order.map((one) => `markov_${one}`) : [name])),
  )
  return methodNames.filter((method) => chosen.has(method))
}

function names(text: string): string[] {
  const chosen = text.split(',').map((name) => name.trim().replaceAll('-', '_'))
  const stranger = chosen.find((name) => !families.some((family) => family === name))
  if (stranger !== undefined)
    throw new InvalidArgumentError(`"${stranger}" is not among: ${families.join(', ')}.`)
  return chosen
}

function orders(text: string): number[] {
  const chosen = text.split(',').map(Number)
  if (!chosen.every((order) => [1, 2, 3, 4].includes(order)))
    throw new InvalidArgumentError('Orders are 1, 2, 3 or 4.')
  return chosen
}
