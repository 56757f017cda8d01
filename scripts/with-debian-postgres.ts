/**
 * Runs a command against a throw-away cluster of the PostgreSQL that Debian or Ubuntu installed
 * (by default the oldest version we support), named to it by TEST_DATABASE_URL:
 *
 *     node scripts/with-debian-postgres.ts npx vitest run
 *
 * POSTGRES_VERSION chooses another major version. As root the server runs as the user postgres.
 */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const version = process.env['POSTGRES_VERSION'] ?? '15'
const programs = `/usr/lib/postgresql/${version}/bin`
const [command, ...commandArguments] = process.argv.slice(2)

if (!command || !existsSync(programs)) {
  console.error(
    command
      ? `There is no PostgreSQL in ${programs}. Install it with: apt install postgresql-${version}`
      : 'Usage: node scripts/with-debian-postgres.ts <command> [arguments]',
  )
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'rapport-debian-'))
const data = join(folder, 'data')
const asPostgres = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : []

function run(program: string, programArguments: readonly string[]): void {
  const [file = '', ...rest] = [...asPostgres, join(programs, program), ...programArguments]
  const done = spawnSync(file, rest, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  })
  if (done.status === 0) return
  console.error(`${program} failed:\n${done.stdout}${done.stderr}`)
  process.exit(1)
}

const serverOptions = `-c listen_addresses= -k ${folder} -c fsync=off -c max_connections=200`
process.on('exit', () => {
  if (existsSync(join(data, 'postmaster.pid')))
    run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop'])
  rmSync(folder, { recursive: true, force: true })
})
// The command in the foreground gets the signal too; its end is ours.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})

chmodSync(folder, 0o755)
if (asPostgres.length > 0) {
  const idOf = (option: string): number =>
    Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout)
  chownSync(folder, idOf('-u'), idOf('-g'))
}
run('initdb', ['-D', data, '-U', 'rapport', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'])
run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', serverOptions, 'start'])

const url = `postgresql://rapport@localhost/postgres?host=${encodeURIComponent(folder)}`
const child = spawn(command, commandArguments, {
  stdio: 'inherit',
  env: { ...process.env, TEST_DATABASE_URL: url },
})
child.on('error', (error) => {
  console.error(error.message)
  process.exit(127)
})
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 130 : 1)))
