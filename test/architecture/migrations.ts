import { createHash } from 'node:crypto'
import type { SourceFile, Verdict } from './sources.ts'

export function hashOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}

/** What has been released never changes: its hash stands in the list, one `hash  path` a line. */
export function checkMigrations(migrations: readonly SourceFile[], list: string): Verdict {
  const frozen = new Map(
    list
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  )
  const faults = migrations.flatMap(({ path, text }) => {
    const hash = frozen.get(path)
    if (hash === undefined)
      return [`${path} is not frozen: run "node scripts/freeze-migrations.ts"`]
    return hash === hashOf(text)
      ? []
      : [`${path} was changed after it was frozen; write a new migration`]
  })
  const there = new Set(migrations.map(({ path }) => path))
  for (const path of frozen.keys()) if (!there.has(path)) faults.push(`${path} is gone`)
  return { looked: migrations.length, faults }
}
