import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RapportError } from '../domain/error.ts'
import type { Playbook } from '../measure/http/model-routes.ts'

const folder = join(import.meta.dirname, '../../models')
const names = ['saas', 'creator', 'retail'] as const

export function readPlaybooks(): Playbook[] {
  return names
    .map((id) => ({ id, path: join(folder, `${id}.yaml`) }))
    .filter(({ path }) => existsSync(path))
    .map(({ id, path }) => ({ id, yaml: readFileSync(path, 'utf8') }))
}

/** The YAML of a playbook by its name, or of a file by its path. @throws startup_failed */
export function readModelFile(model: string): string {
  const isPlaybook = names.some((name) => name === model)
  const path = isPlaybook ? join(folder, `${model}.yaml`) : model
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new RapportError('startup_failed', `RAPPORT_MODEL: cannot read ${path}.`, {}, error)
  }
}
