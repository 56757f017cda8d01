/**
 * Persons as rows of a counting process: one row for each stretch between two milestones, in which
 * nothing about the person changes. A milestone counts from the moment after it was reached on: what
 * happens at the same moment as the event cannot have led to it.
 */
import { RapportError } from '../domain/error.ts'

export interface PersonHistory {
  /** When watching began, and when it ended: by the event, or by being lost sight of. Any unit. */
  readonly from: number
  readonly until: number
  readonly happened: boolean
  /** When each milestone was first reached, in the order of the names; null where it never was. */
  readonly reached: readonly (number | null)[]
}

export interface MilestoneRows {
  /** The person's place in the list. */
  readonly person: Uint32Array
  /** The row is at risk in (start, stop]. */
  readonly start: Float64Array
  readonly stop: Float64Array
  /** 1 where the row ended with the event. */
  readonly event: Uint8Array
  /** A column for each milestone: 1 where it had been reached before the row began. */
  readonly reached: readonly Float64Array[]
}

/** Persons who were watched for no time are left out. @throws RapportError for times that are none. */
export function milestoneRows(people: readonly PersonHistory[], milestones: number): MilestoneRows {
  const [person, start, stop, event]: [number[], number[], number[], number[]] = [[], [], [], []]
  const reached = Array.from({ length: milestones }, (): number[] => [])
  people.forEach(({ from, until, happened, reached: times }, place) => {
    if (!Number.isFinite(from) || !Number.isFinite(until) || times.length !== milestones)
      throw new RapportError(
        'invalid_analysis',
        `Person ${place + 1} was watched from ${from} to ${until}, with ${times.length} milestones.`,
      )
    const cuts = times.filter(
      (time): time is number => time !== null && time > from && time < until,
    )
    const ends = [...new Set(cuts)].sort((a, b) => a - b)
    if (until > from) ends.push(until)
    let begin = from
    for (const end of ends) {
      person.push(place)
      start.push(begin)
      stop.push(end)
      event.push(Number(happened && end === until))
      times.forEach((time, m) => reached[m]?.push(Number(time !== null && time <= begin)))
      begin = end
    }
  })
  return {
    person: Uint32Array.from(person),
    start: Float64Array.from(start),
    stop: Float64Array.from(stop),
    event: Uint8Array.from(event),
    reached: reached.map((column) => Float64Array.from(column)),
  }
}

/** The same persons with these milestones alone: rows that no longer differ become one. */
export function onlyMilestones(rows: MilestoneRows, chosen: readonly number[]): MilestoneRows {
  const { person, start, stop, event } = rows
  const columns = chosen.map((m) => rows.reached[m] ?? new Float64Array())
  const goesOn = (i: number): boolean =>
    person[i] === person[i - 1] &&
    start[i] === stop[i - 1] &&
    event[i - 1] === 0 &&
    columns.every((column) => column[i] === column[i - 1])
  const begins: number[] = []
  const ends: number[] = []
  for (let i = 0; i < person.length; i++) {
    if (i > 0 && goesOn(i)) ends[ends.length - 1] = i
    else {
      begins.push(i)
      ends.push(i)
    }
  }
  return {
    person: Uint32Array.from(begins, (i) => person[i] ?? 0),
    start: Float64Array.from(begins, (i) => start[i] ?? 0),
    stop: Float64Array.from(ends, (i) => stop[i] ?? 0),
    event: Uint8Array.from(ends, (i) => event[i] ?? 0),
    reached: columns.map((column) => Float64Array.from(begins, (i) => column[i] ?? 0)),
  }
}
