import { InvalidArgumentError } from 'commander'

/** For options that count months. */
export function wholeMonths(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write a number of months, 1 or more.')
}
