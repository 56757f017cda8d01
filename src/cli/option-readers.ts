/** What stands behind an option, read: each throws what commander shows beside the option's name. */
import { InvalidArgumentError } from 'commander'

export function positive(text: string): number {
  const number = Number(text)
  if (!(number > 0 && number < Infinity)) throw new InvalidArgumentError('Must be above 0.')
  return number
}

export function fromZero(text: string): number {
  const number = Number(text)
  if (!(number >= 0 && number < Infinity))
    throw new InvalidArgumentError('Must be a number from 0.')
  return number
}

export function share(text: string): number {
  const number = Number(text)
  if (!(number > 0 && number < 1)) throw new InvalidArgumentError('Must lie between 0 and 1.')
  return number
}

export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (!(Number.isInteger(number) && number >= least && number <= most))
      throw new InvalidArgumentError(`Must be a whole number from ${least} to ${most}.`)
    return number
  }
}

/** With commas; none of them empty or twice. */
export function names(text: string): string[] {
  const chosen = text.split(',').map((name) => name.trim())
  if (chosen.includes('')) throw new InvalidArgumentError('A name is empty.')
  if (new Set(chosen).size !== chosen.length)
    throw new InvalidArgumentError('A name stands there twice.')
  return chosen
}

/** With commas; what is empty is left out. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

export function numberList(text: string): number[] {
  const numbers = listOf(text).map(Number)
  if (!numbers.every(Number.isFinite))
    throw new InvalidArgumentError('Must be numbers, with commas.')
  return numbers
}
