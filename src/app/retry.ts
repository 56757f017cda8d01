import { storeErrorOf } from '../store/store-error.ts'

/** SQLSTATEs after which the same transaction may simply run again: deadlock, serialisation. */
const passing = new Set(['40P01', '40001'])
const attempts = 6

/** Runs a transaction again where it lost a deadlock; a lost store becomes `store_unavailable`. */
export async function withRetries<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction()
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (attempt < attempts && typeof code === 'string' && passing.has(code)) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt))
        continue
      }
      throw storeErrorOf(error) ?? error
    }
  }
}
