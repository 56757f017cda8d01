/**
 * Sudden death under load: SIGKILL at random moments (every third time of PostgreSQL too), clients that
 * send again, and a reckoning. Nothing acknowledged may be lost, nothing counted twice, and the
 * program must be ready again within five seconds.
 *
 *     node bench/kill.ts [--kills 20] [--seed 1]
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { killAgainAndAgain } from '../test/child/kill-rounds.ts'

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '20' }, seed: { type: 'string' } },
})
const seed = Number(values.seed ?? randomInt(2 ** 31))
const kills = Number(values.kills)
const readyWithin = 5_000

const from = performance.now()
const result = await killAgainAndAgain({ seed, kills, longestLife: 3_000 })
const { sent, acknowledged, lost, ghosts, doubled, miscounted, countsAddUp, rows } = result
const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`
const starts = result.starts.toSorted((one, other) => one - other)
const [slowest = 0, middle = 0] = [starts.at(-1), starts[starts.length >> 1]]
const answers = [...result.answers].map(([status, count]) => `${status || 'broken'}: ${count}`)

console.log(`${kills} kills in ${seconds(performance.now() - from)}, seed ${seed}`)
console.log(`${sent} touchpoints sent, ${acknowledged} acknowledged; answers ${answers.join(', ')}`)
console.log(
  `lost ${lost}, ghosts ${ghosts}, doubled ${doubled}, people miscounted ${miscounted.length}`,
)
console.log(
  `log, message ids, both: ${rows.join(' = ')}; counts of the source add up: ${countsAddUp}`,
)
console.log(`ready again after ${seconds(middle)} (median), ${seconds(slowest)} (slowest)`)
const isWell =
  lost + ghosts + doubled + miscounted.length === 0 &&
  countsAddUp &&
  acknowledged === sent &&
  slowest < readyWithin
if (!isWell) process.exitCode = 1
