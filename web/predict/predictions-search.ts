/** What the page of predictions has in its address. */
export interface PredictionsSearch {
  readonly of?: string | undefined
  readonly rung?: string | undefined
  readonly segment?: string | undefined
  /** Chances as per cent, money in minor units. */
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly order?: string | undefined
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 80) : undefined
const number = (value: unknown): number | undefined => {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined
}

export const parsePredictionsSearch = (raw: Record<string, unknown>): PredictionsSearch => ({
  of: text(raw['of']),
  rung: text(raw['rung']),
  segment: text(raw['segment']),
  min: number(raw['min']),
  max: number(raw['max']),
  order: text(raw['order']),
})
