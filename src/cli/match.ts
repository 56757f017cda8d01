import { Command, InvalidArgumentError, Option } from 'commander'
import { fieldKinds, type FieldDefinition } from '../identify/matching/fields.ts'
import { outputOf } from './common-options.ts'
import { share } from './option-readers.ts'

interface Options {
  readonly fields: readonly FieldDefinition[]
  readonly block?: readonly (readonly string[])[]
  readonly id?: string
  readonly truth?: string
  readonly truthPattern?: RegExp
  readonly atLeast: number
  readonly oneToOne: boolean
  readonly delimiter: string
  readonly seed: string
}

export function matchCommand(): Command {
  const command = new Command('match')
    .description('Find records of the same person, in one table or between two, without examples.')
    .argument('<file>', 'CSV file, a record a line; .gz files are read as they are')
    .argument('[other]', 'second file with the same columns; without it, duplicates in the first')
    .addOption(
      new Option('--fields <list>', `column:kind, with commas; kinds: ${fieldKinds.join(', ')}`)
        .argParser(fields)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--block <list>',
        'compare only records that agree on one of these: columns with commas, "a+b" for both ' +
          '(default: each column that is no text and no category)',
      ).argParser(keys),
    )
    .option('--id <column>', 'column that names a record (default: its row, from 1)')
    .addOption(
      new Option('--at-least <probability>', 'leave out what is less likely')
        .argParser(share)
        .default(0.5),
    )
    .option('--one-to-one', 'one partner each at most, between two files', false)
    .option('--truth <column>', 'equal for the same person: says how good the answer is')
    .addOption(
      new Option('--truth-pattern <expression>', 'only its first group is compared').argParser(
        pattern,
      ),
    )
    .option('--delimiter <character>', 'what stands between two cells', ',')
    .option('--seed <text>', 'the same seed draws the same', '1')
    .addHelpText(
      'after',
      `
Pairs come as CSV with the weight of each field in bits (with --json, as one document).

Example:
  rapport match crm.csv shop.csv --fields first:name,last:name,born:date,mail:email \\
    --block last+born,mail,first+last --one-to-one > pairs.csv`,
    )
  return command.action(async (file: string, other?: string) => {
    const options = command.opts<Options>()
    const { runMatch } = await import('./run-match.ts')
    await runMatch({
      output: outputOf(command),
      ...{ file, other: other ?? null, delimiter: options.delimiter },
      ...{ fields: options.fields, block: options.block ?? null, id: options.id ?? null },
      ...{ truth: options.truth ?? null, truthPattern: options.truthPattern ?? null },
      ...{ leastProbability: options.atLeast, oneToOne: options.oneToOne, seed: options.seed },
    })
  })
}

function fields(text: string): FieldDefinition[] {
  return text.split(',').map((part) => {
    const at = part.lastIndexOf(':')
    const name = part.slice(0, Math.max(0, at)).trim()
    const kind = fieldKinds.find((one) => one === part.slice(at + 1).trim())
    if (name === '' || kind === undefined)
      throw new InvalidArgumentError(
        `"${part}" is not like surname:name. Kinds: ${fieldKinds.join(', ')}.`,
      )
    return { name, kind }
  })
}

function keys(text: string): string[][] {
  return text.split(',').map((key) => key.split('+').map((name) => name.trim()))
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch {
    throw new InvalidArgumentError('That is no regular expression.')
  }
}
