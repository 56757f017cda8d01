import { Command, Option } from 'commander'
import { outputOf } from './common-options.ts'

const methods = ['lexicon', 'model'] as const

interface Options {
  readonly column?: string
  readonly delimiter: string
  readonly method: (typeof methods)[number]
}

export function sentimentCommand(): Command {
  const command = new Command('sentiment')
    .description('Say how people feel in each text, from -1 to 1, with the words that made it.')
    .argument('<file>', 'a text a line, or CSV with --column; "-" for standard input; .gz is read')
    .option('--column <name>', 'the file is CSV, and this column has the texts')
    .option('--delimiter <character>', 'what stands between two cells', ',')
    .addOption(
      new Option(
        '--method <name>',
        'lexicon: VADER 3.3.2, which the trust account uses; model: trained',
      )
        .choices(methods)
        .default('lexicon'),
    )
    .addHelpText(
      'after',
      `
Texts are judged where they are English; others, and those without a known word, get no number.

Example:
  rapport sentiment comments.csv --column comment --json
  echo "Delivery was slow, but support was great" | rapport sentiment -`,
    )
  return command.action(async (file: string) => {
    const { column, delimiter, method } = command.opts<Options>()
    const { runSentiment } = await import('./run-sentiment.ts')
    await runSentiment({
      output: outputOf(command),
      file,
      column: column ?? null,
      delimiter,
      method,
    })
  })
}
