/** A fitted model, as `rapport fit --json` said it or as parameters on the command line. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { RapportError } from '../domain/error.ts'

const modelSchema = z.object({ kind: z.string(), parameters: z.record(z.string(), z.number()) })

export interface NamedModel {
  readonly kind: string
  readonly parameters: Readonly<Record<string, number>>
}

/** @throws RapportError invalid_analysis. */
export async function readModel(file: string): Promise<NamedModel> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new RapportError('invalid_analysis', `Cannot read ${file}.`, {}, error)
  })
  try {
    return modelSchema.parse(JSON.parse(text))
  } catch (error) {
    const why = `${file} is not what "rapport fit ... --json" says.`
    throw new RapportError('invalid_analysis', why, {}, error)
  }
}

/** From `bgnbd:r=.243,alpha=4.414,a=.793,b=2.426`. */
export function modelOfText(text: string): NamedModel {
  const [kind = '', list = ''] = text.split(':', 2)
  const parameters = Object.fromEntries(
    list.split(',').map((part) => {
      const [name = '', value = ''] = part.split('=', 2)
      return [name.trim(), value.trim() === '' ? Number.NaN : Number(value)]
    }),
  )
  if (!kind || Object.values(parameters).some(Number.isNaN))
    throw new RapportError(
      'invalid_analysis',
      `Parameters are written as bgnbd:r=.243,alpha=4.414,a=.793,b=2.426, not as "${text}".`,
    )
  return { kind: kind.trim(), parameters }
}
