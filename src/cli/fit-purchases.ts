import { Command } from 'commander'
import { historySource, withHistoryOptions, type HistoryOptions } from './history-source.ts'
import { outputOf } from './common-options.ts'
import { purchaseKinds, type PurchaseKind } from '../predict/purchase/purchase-model.ts'

const names: Readonly<Record<PurchaseKind, string>> = {
  bgnbd: 'BG/NBD: repeat purchases until a customer drops out after one (Fader et al. 2005).',
  mbgnbd: 'MBG/NBD: the same, but the first purchase may be the last (Batislam et al. 2007).',
  paretonbd: 'Pareto/NBD: repeat purchases until an unseen death (Schmittlein et al. 1987).',
}

/** `rapport fit bgnbd|mbgnbd|paretonbd`. */
export function fitPurchasesCommands(): Command[] {
  return purchaseKinds.map((kind) => {
    const command = withHistoryOptions(new Command(kind).description(names[kind]))
    if (kind !== 'paretonbd')
      command.option(
        '--honeymoon',
        'let customers buy more often right after the first purchase (own extension; transactions)',
      )
    command.addHelpText(
      'after',
      `
Examples:
  rapport fit ${kind} customers.csv --frequency x --recency t_x --age T
  rapport fit ${kind} orders.csv --customer id --date day --calibration-end 2026-06-30 --json`,
    )
    return command.action(async (file: string) => {
      const { runFitPurchases } = await import('./run-fit-purchases.ts')
      await runFitPurchases({
        ...{ output: outputOf(command), kind },
        honeymoon: command.opts<{ honeymoon?: boolean }>().honeymoon === true,
        source: historySource(file, command.opts<HistoryOptions>()),
      })
    })
  })
}
