/** What `rapport attribute` does. */
import { attribute, type Attribution, type MethodName } from '../prove/attribution/attribute.ts'
import { bootstrapCredits, type CreditInterval } from '../prove/attribution/bootstrap-credit.ts'
import { seededRandom } from '../math/random.ts'
import { readPaths, type PathFile } from './read-paths.ts'
import type { AttributeRequest } from './attribute-request.ts'

export async function runAttribute(request: AttributeRequest): Promise<void> {
  const { output, methods, halfLife, bootstrap, seed } = request
  const file = await readPaths(request)
  const result = attribute(file.paths, { methods, halfLife })
  const intervals =
    bootstrap === 0
      ? new Map<MethodName, CreditInterval>()
      : bootstrapCredits(file.paths, {
          ...{ methods, halfLife, replicates: bootstrap },
          random: seededRandom(seed),
        })
  output.say(inWords(file, result, intervals), asData(file, result, intervals))
}

type Intervals = ReadonlyMap<MethodName, CreditInterval>

function asData({ rows, faulty, faults }: PathFile, result: Attribution, intervals: Intervals) {
  const { channels, totals, credits, markov } = result
  return {
    totals,
    channels: channels.map((channel, c) => ({
      channel,
      credits: Object.fromEntries(
        [...credits].map(([method, { conversions, value }]) => {
          const interval = intervals.get(method)
          const range = interval ? { low: interval.low[c], high: interval.high[c] } : {}
          return [method, { conversions: conversions[c], value: value[c], ...range }]
        }),
      ),
    })),
    markov: markov.map(({ order, baseConversion, removalEffects }) => ({
      order,
      baseConversion,
      removalEffects: Object.fromEntries(channels.map((name, c) => [name, removalEffects[c]])),
    })),
    ...{ rows, faulty, errors: faults },
  }
}

function inWords(file: PathFile, result: Attribution, intervals: Intervals): string {
  const { channels, totals, credits } = result
  const methods = [...credits.keys()]
  const order = channels.map((_, c) => c)
  const [main] = methods.slice(-1)
  const sizes = main && credits.get(main)?.conversions
  order.sort((a, b) => (sizes?.[b] ?? 0) - (sizes?.[a] ?? 0))
  const lines = [
    ['channel', ...methods],
    ...order.map((c) => [
      channels[c] ?? '',
      ...methods.map((method) => {
        const interval = intervals.get(method)
        const credit = decimals(credits.get(method)?.conversions[c] ?? 0)
        if (!interval) return credit
        return `${credit} (${decimals(interval.low[c] ?? 0)} to ${decimals(interval.high[c] ?? 0)})`
      }),
    ]),
  ]
  if (totals.unattributedConversions > 0)
    lines.push(['(nobody)', ...methods.map(() => decimals(totals.unattributedConversions))])
  lines.push(['together', ...methods.map(() => decimals(totals.conversions))])
  const said = [table(lines)]
  for (const { order: k, baseConversion } of result.markov) {
    said.push(`Markov of order ${k}: ${(100 * baseConversion).toFixed(2)} % of the paths convert.`)
  }
  if (file.faulty > 0) {
    said.push(`${file.faulty} of ${file.rows} rows could not be counted:`)
    for (const { line, reason } of file.faults) said.push(`  line ${line}: ${reason}`)
  }
  return said.join('\n')
}

const decimals = (value: number): string => value.toFixed(2)

/** Names to the left, numbers to the right. */
function table(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, i) =>
          i === 0 ? cell.padEnd(widths?.[i] ?? 0) : cell.padStart(widths?.[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
