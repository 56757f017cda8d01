import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Path of a large data set that is not part of the repository, or null where it is not there (the
 * test is then skipped with the words 'skipped: data not there'). The folder is given by
 * RAPPORT_SHARED_DATA; without it, a folder `shared/data` beside the repository is looked for.
 */
export function sharedData(name: string): string | null {
  const beside = join(import.meta.dirname, '..', '..', 'shared', 'data')
  const path = join(process.env['RAPPORT_SHARED_DATA'] ?? beside, name)
  return existsSync(path) ? path : null
}
