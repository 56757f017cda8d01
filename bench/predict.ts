/**
 * `npm run bench -- predict [rows] [subjects]`: how fast each model is fitted and asked, in CPU
 * seconds of one thread, beside what other tools needed (recorded, unless a row says otherwise).
 */
import type { PredictRow, PredictRows } from './predict/row.ts'

/** A subject a file. */
const subjects: Readonly<Record<string, () => Promise<{ readonly rows: PredictRows }>>> = {
  lifetime: () => import('./predict/lifetime.ts'),
  match: () => import('./predict/match.ts'),
  survival: () => import('./predict/survival.ts'),
  uplift: () => import('./predict/uplift.ts'),
  decide: () => import('./predict/decide.ts'),
  sentiment: () => import('./predict/sentiment.ts'),
}

const [first = '1000000', ...asked] = process.argv.slice(2)
const size = Number(first)
const named = Number.isFinite(size) ? asked : [first, ...asked]
const unknown = named.find((name) => !(name in subjects))
if (unknown !== undefined) {
  console.error(`There is no subject "${unknown}". There are: ${Object.keys(subjects).join(', ')}.`)
  process.exit(1)
}

const second = (value: number | undefined): string =>
  value === undefined ? '' : value >= 10 ? value.toFixed(1) : value.toFixed(value < 0.1 ? 4 : 2)

function line({ what, ours, peer, aim, result }: PredictRow): string {
  const ratio = peer ? `${(peer.seconds / ours).toFixed(peer.seconds / ours < 10 ? 1 : 0)} x` : ''
  const held = aim === undefined ? '' : ours <= aim ? 'held' : 'MISSED'
  const cells = [
    ...[what.padEnd(46), second(ours).padStart(8), second(peer?.seconds).padStart(8)],
    ...[ratio.padStart(8), second(aim).padStart(7), held.padEnd(6)],
    [peer?.name ?? '', result ?? ''].filter(Boolean).join('; '),
  ]
  return cells.join('  ').trimEnd()
}

const title = ['CPU seconds'.padEnd(46), 'ours'.padStart(8), 'peer'.padStart(8)]
console.log([...title, 'ratio'.padStart(8), 'aim'.padStart(7)].join('  '))
for (const [name, load] of Object.entries(subjects)) {
  if (named.length > 0 && !named.includes(name)) continue
  const { rows } = await load()
  for await (const row of rows(Number.isFinite(size) ? size : 1_000_000)) console.log(line(row))
}
