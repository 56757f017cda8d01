/**
 * The names of our advisory locks, taken with `pg_advisory_xact_lock(...)` or its shared form. All
 * bear the prefix "RAPP" (hexadecimal 52 41 50 50), so that they do not meet other programs' locks.
 */
export const advisoryLock = {
  /** Exclusive while the schema changes. */
  migration: 0x5241505000 + 1,
  /** Shared while a batch is taken in, exclusive while an identifier changes its party. */
  identity: 0x5241505000 + 2,
  /** Exclusive while a model is applied. */
  model: 0x5241505000 + 3,
  /** Exclusive while a partition of the log is made. */
  partition: 0x5241505000 + 4,
  /** Exclusive while an import is started or resumed. */
  importJob: 0x5241505000 + 6,
  /** Exclusive while the lens is brought up to date. */
  exporter: 0x5241505000 + 7,
  /** Exclusive while segments are built. */
  segments: 0x5241505000 + 20,
} as const
