/**
 * In CI, property tests try the same cases each time (RAPPORT_SEED), so that a change is judged by what
 * it changes. Everywhere else each run tries new ones, and prints the seed of what it finds.
 */
import fc from 'fast-check'

const seed = process.env['CI'] ? Number(process.env['RAPPORT_SEED']) : Number.NaN
if (Number.isSafeInteger(seed)) fc.configureGlobal({ seed })
