import { randomInt } from 'node:crypto'

/** A seed of its own for each run, printed so that a failure can be had again with RAPPORT_SEED. */
export function printedSeed(test: string): number {
  const seed = Number(process.env['RAPPORT_SEED'] ?? randomInt(2 ** 31))
  process.stdout.write(`${test}: RAPPORT_SEED=${seed}\n`)
  return seed
}
