/**
 * Records of one person: comparing strings, linking two files, a large company resolved, one look-up.
 * Peers: the fastest package on npm for Jaro-Winkler (jaro-winkler), recordlinkage 0.16 (Python), and
 * what splink says of itself ("a million records in around a minute"); as recorded on such a machine.
 */
import { createJaroWinkler } from '../../src/identify/matching/jaro-winkler.ts'
import { createLookup } from '../../src/identify/matching/lookup.ts'
import { encodeRecords } from '../../src/identify/matching/records.ts'
import { matchRecords, type MatchOptions } from '../../src/identify/matching/match.ts'
import { seededRandom } from '../../src/math/random.ts'
import { febrlFields, readFebrl, type FebrlFile } from '../../test/febrl.ts'
import { simulatedPeople } from './simulated-people.ts'
import { timed, type PredictRow } from './row.ts'
import { Vocabulary } from '../../src/identify/matching/vocabulary.ts'

const febrlKeys = [[0], [1], [8], [9], [6]]
const pairsCompared = 10_000_000

export async function* rows(size: number): AsyncGenerator<PredictRow> {
  const febrl = readFebrl()
  if (febrl !== null) {
    const surname = febrlFields.findIndex(({ name }) => name === 'surname')
    yield* comparing(febrl.flatMap(({ cells }) => cells[surname] ?? []))
    yield* linking(...febrl)
  }
  yield* resolving(size)
}

/** Surnames drawn in pairs beforehand. */
async function* comparing(surnames: readonly string[]): AsyncGenerator<PredictRow> {
  const vocabulary = new Vocabulary()
  const ids = surnames.filter(Boolean).map((name) => vocabulary.add(name))
  const random = seededRandom('pairs')
  const drawn = Int32Array.from({ length: 2_000_000 }, () => ids[random.integer(ids.length)] ?? 0)
  const compare = createJaroWinkler(vocabulary)
  const { seconds, result } = await timed(() => {
    let sum = 0
    for (let k = 0; k < pairsCompared; k++) {
      const at = (2 * k) % drawn.length
      sum += compare(drawn[at] ?? 0, drawn[at + 1] ?? 0)
    }
    return sum / pairsCompared
  })
  yield {
    what: 'Jaro-Winkler, 10 M pairs of FEBRL surnames',
    ours: seconds,
    peer: { name: 'jaro-winkler of npm, 2.55 M/s', seconds: pairsCompared / 2.55e6 },
    aim: 1,
    result: `${(pairsCompared / seconds / 1e6).toFixed(1)} M/s, mean ${result.toFixed(4)}`,
  }
}

async function* linking(a: FebrlFile, b: FebrlFile): AsyncGenerator<PredictRow> {
  const link = () =>
    matchRecords(encodeRecords(febrlFields, a.cells, b.cells), {
      ...{ keys: febrlKeys, random: seededRandom(1) },
    })
  const before = process.cpuUsage()
  link()
  const cold = process.cpuUsage(before)
  const { seconds, result } = await timed(link, 5)
  const { pairs, compared } = result
  const correct = pairs.left.filter((one, p) => a.ids[one] === b.ids[pairs.right[p] ?? 0]).length // prettier-ignore
  const f1 = (2 * correct) / (pairs.left.length + a.ids.length)
  yield {
    what: 'FEBRL 4, 5,000 x 5,000, unsupervised',
    ours: seconds,
    peer: { name: 'recordlinkage ECM, F1 .9881', seconds: 3.73 },
    aim: 0.3,
    result: `F1 ${f1.toFixed(4)}, ${compared} pairs, 10 fields; first run ${((cold.user + cold.system) / 1e6).toFixed(2)} s`,
  }
}

async function* resolving(size: number): AsyncGenerator<PredictRow> {
  const people = simulatedPeople(size, 0.1)
  const options: MatchOptions = { keys: people.keys, random: seededRandom(1) }
  const resolve = () => {
    const records = encodeRecords(people.fields, people.cells)
    return { records, ...matchRecords(records, options) }
  }
  const before = process.cpuUsage()
  const { records, model, chance, pairs, compared } = resolve()
  const { user, system } = process.cpuUsage(before)
  const correct = pairs.left.filter((one, p) => people.ids[one] === people.ids[pairs.right[p] ?? 0]).length // prettier-ignore
  const f1 = (2 * correct) / (pairs.left.length + people.truePairs)
  yield {
    what: `${size} customers resolved, a tenth twice`,
    ours: (user + system) / 1e6,
    ...(size >= 1_000_000 ? { peer: { name: 'splink, as it says', seconds: 60 }, aim: 60 } : {}),
    result: `F1 ${f1.toFixed(4)}, ${compared} pairs compared`,
  }
  const lookup = createLookup(records, { keys: people.keys, model, chance })
  const asked = Array.from({ length: 1_000 }, (_, k) => {
    const place = Math.floor((k * records.left.count) / 1_000)
    return people.cells.map((column) => column[place] ?? '')
  })
  const { seconds, result } = await timed(
    () => asked.filter((cells) => lookup(cells).length > 0).length,
  )
  yield {
    what: `1,000 look-ups among ${size}`,
    ours: seconds,
    aim: 1,
    result: `${(1_000 * seconds).toFixed(0)} us each, ${result} found`,
  }
}
