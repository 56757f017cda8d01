import { Command } from 'commander'
import { outputOf } from './common-options.ts'
import type { BgbbColumns } from './run-fit-bgbb.ts'

/** `rapport fit bgbb`. */
export function fitBgbbCommand(): Command {
  const command = new Command('bgbb')
    .description('BG/BB: purchases or gifts at given opportunities (Fader, Hardie and Shang 2010).')
    .argument('<file>', 'CSV file, a customer a line; .gz as it is')
    .option('--frequency <column>', 'opportunities used after the first purchase', 'frequency')
    .option('--recency <column>', 'the last one used, from 1; 0 if none', 'recency')
    .option('--periods <column>', 'opportunities that there were', 'periods')
    .option('--weight <column>', 'for how many customers a line stands, if there', 'weight')
    .option('--delimiter <character>', 'between two cells; also "tab" and "space"', ',')
    .option('--no-header', 'the first line is data; columns are named 1, 2, ...')
    .addHelpText(
      'after',
      `
Example:
  rapport fit bgbb donors.csv --weight donors --json`,
    )
  return command.action(async (file: string) => {
    const { runFitBgbb } = await import('./run-fit-bgbb.ts')
    await runFitBgbb(outputOf(command), file, command.opts<BgbbColumns>())
  })
}
