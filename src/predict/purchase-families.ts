import type { PurchaseKind } from './purchase/purchase-model.ts'

/** Those that are held against each other. */
export const servedKinds: readonly PurchaseKind[] = ['bgnbd', 'mbgnbd', 'paretonbd']

export const kindNames: Readonly<Record<PurchaseKind, string>> = {
  bgnbd: 'BG/NBD',
  mbgnbd: 'MBG/NBD',
  paretonbd: 'Pareto/NBD',
}
