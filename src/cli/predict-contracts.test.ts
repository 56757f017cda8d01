/** `rapport predict` of contracts: the high end customers of Fader and Hardie (2007) at any age. */
import { expect, test } from 'vitest'
import { file, rapport } from './testing.ts'
import { logGamma } from '../math/gamma.ts'

const [alpha, beta] = [0.668, 3.806]
const model = ['--parameters', `sbg:alpha=${alpha},beta=${beta}`, '--age', 'renewals']
const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b)
/** By equation (6) as a quotient of beta functions, not as a product. */
const share = (renewals: number): number => Math.exp(logBeta(alpha, beta + renewals) - logBeta(alpha, beta)) // prettier-ignore

test('chances and lifetime are those of the beta functions and of the plain sum', async () => {
  const path = file('contracts.csv', 'id,renewals\nnew,0\nold,7\n')
  const { stdout } = await rapport('predict', path, ...model, '--horizon', '5', '--json')
  const rows = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as object) // prettier-ignore
  const expected = [
    ['new', 0],
    ['old', 7],
  ].map(([id, age]) => {
    const now = Number(age)
    let lifetime = 0
    for (let t = 1; t < 2_000; t++) lifetime += (share(now + t) / share(now)) * 1.1 ** (1 - t)
    return {
      id,
      renews: expect.closeTo(share(now + 1) / share(now), 8) as number,
      stays: expect.closeTo(share(now + 5) / share(now), 8) as number,
      lifetime: expect.closeTo(lifetime, 6) as number,
    }
  })
  expect(rows).toEqual(expected)
})

test.each([
  ['renewals\n1.5\n', [], /Row 1 of "renewals" is 1.5: renewals are counted/],
  ['renewals\n1\n', ['--horizon', '2.5'], /--horizon is 2.5/],
  ['months\n1\n', [], /There is no column "renewals"/],
  ['renewals\n1\n', ['--parameters', 'sbg:alpha=1'], /needs alpha and beta/],
  ['renewals\n1\n', ['--customer', 'renewals'], /no transactions/],
  ['renewals\n1\n', ['--spend-model', 'x.json'], /goes with purchases/],
])('%j says what is wrong', async (content, args, words) => {
  const { code, stderr } = await rapport('predict', file('wrong.csv', content), ...model, ...args)
  expect(code).not.toBe(0)
  expect(stderr).toMatch(words)
})
