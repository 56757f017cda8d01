import { isTest, placeOf, withoutComments, type SourceFile, type Verdict } from './sources.ts'

/** `| collect | source, reject |` rows under "Tables and their only writer". */
export function ownersIn(architecture: string): Map<string, string> {
  const section =
    /## Tables and their only writer\n([\s\S]*?)(\n## |$)/.exec(architecture)?.[1] ?? ''
  const owners = new Map<string, string>()
  for (const [, place = '', tables = ''] of section.matchAll(/^\| (\w+) +\| (.+) \|$/gm)) {
    for (const name of tables.split(',').map((part) => part.trim())) {
      if (/^[\w.]+$/.test(name)) owners.set(name, place)
    }
  }
  return owners
}

/** Tables that the migrations make (`schema_migration` is made by what runs them). */
export function tablesIn(migrations: readonly SourceFile[]): string[] {
  const made = migrations.flatMap(({ text }) => [
    ...text.replace(/--.*$/gm, '').matchAll(/\bcreate table (?:if not exists )?([\w."]+)/g),
  ])
  return made.map(([, name = '']) => name.replaceAll('"', ''))
}

const writing =
  /\b(?:insert\s+into|update|delete\s+from|truncate(?:\s+table)?|merge\s+into|copy)\s+(?:only\s+)?((?:auth\.)?"?[a-z_]+"?)(?=[\s(`,;])/g

/** Names of tables that a text writes to, in SQL. */
export function tablesWrittenIn(text: string): string[] {
  const sqlLike = withoutComments(text)
  return [...sqlLike.matchAll(writing)].map(([, name = '']) => name.replaceAll('"', ''))
}

/** Each table is written by the one room that ARCHITECTURE.md names, and each table has a room. */
export function checkTableOwners(
  files: readonly SourceFile[],
  owners: ReadonlyMap<string, string>,
  tables: readonly string[],
): Verdict {
  const faults = tables
    .filter((table) => !owners.has(table))
    .map((table) => `${table} has no owner in ARCHITECTURE.md`)
  let looked = 0
  for (const { path, text } of files) {
    if (!path.startsWith('src/') || isTest(path)) continue
    for (const table of tablesWrittenIn(text)) {
      const owner = owners.get(table)
      if (owner === undefined) continue
      looked += 1
      if (owner !== placeOf(path)) faults.push(`${path} writes ${table}, which belongs to ${owner}`)
    }
  }
  return { looked, faults }
}
