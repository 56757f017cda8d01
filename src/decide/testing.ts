/** The Open Bandit Dataset (Saito et al., NeurIPS 2021, CC BY 4.0), small version, for tests. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { sharedData } from '../../test/shared-data.ts'
import type { LoggedDecisions } from './logged-decisions.ts'

export const openBandit = sharedData('open-bandit/random_men.csv.gz')?.replace(/random_men.*/, '')

export interface OpenBandit {
  readonly logged: LoggedDecisions
  /** The other logging policy, as obp 0.5.5 simulates it: chances by row. */
  readonly other: Float64Array
  /** Mean clicks of each item, half a click in a hundred views added: a model that both sides know. */
  readonly expectedRewards: Float64Array
}

export function readOpenBandit(policy: 'random' | 'bts', campaign: 'men' | 'women'): OpenBandit {
  const actions = campaign === 'men' ? 34 : 46
  const text = gunzipSync(readFileSync(`${openBandit}${policy}_${campaign}.csv.gz`)).toString()
  const cells = text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',', 6))
  const column = (c: number): Float64Array => Float64Array.from(cells, (row) => Number(row[c]))
  const action = Int32Array.from(column(2))
  const [position, reward, propensity] = [column(3), column(4), column(5)]
  const thompson = readFileSync(`${openBandit}ref_action_dist_bts_${campaign}.csv`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').map(Number))
  const other = new Float64Array(action.length * actions)
  for (let i = 0; i < action.length; i++)
    for (let a = 0; a < actions; a++)
      other[i * actions + a] =
        policy === 'bts' ? 1 / actions : (thompson[a]?.[(position[i] ?? 1) - 1] ?? 0)
  const [clicks, views] = [new Float64Array(actions), new Float64Array(actions)]
  for (const [i, a] of action.entries()) {
    views[a] = (views[a] ?? 0) + 1
    clicks[a] = (clicks[a] ?? 0) + (reward[i] ?? 0)
  }
  const expectedRewards = new Float64Array(other.length)
  for (let k = 0; k < other.length; k++) {
    const a = k % actions
    expectedRewards[k] = ((clicks[a] ?? 0) + 0.5) / ((views[a] ?? 0) + 100)
  }
  return { logged: { actions, action, reward, propensity }, other, expectedRewards }
}
