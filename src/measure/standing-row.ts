/** A row of the relationship table: state and standing, and what changed between two moments. */
import { healthDirection, standingOf } from '../relationship/standing.ts'
import { personaFit } from '../relationship/persona.ts'
import { stateFromRow } from '../relationship/fold.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { HealthColour, PartyKind } from '../domain/view.ts'
import type { State } from '../relationship/measure-table.ts'

export interface RelationshipRow {
  readonly partyId: string
  readonly kind: PartyKind
  readonly rung: number
  /** 1970 where the row is new and has no standing yet. */
  readonly rungSince: number
  readonly health: HealthColour
  readonly healthSince: number
  readonly wakeAt: number | null
  readonly persona: string | null
  readonly personaFit: number
  readonly state: State
}

export function readRow(
  model: CompiledModel,
  row: Readonly<Record<string, unknown>>,
): RelationshipRow {
  const time = (value: unknown): number => (value as Date).getTime()
  return {
    partyId: row.party_id as string,
    kind: row.kind as PartyKind,
    rung: row.rung as number,
    rungSince: time(row.rung_since),
    health: row.health as HealthColour,
    healthSince: time(row.health_since),
    wakeAt: row.wake_at === null ? null : time(row.wake_at),
    persona: row.persona as string | null,
    personaFit: row.persona_fit as number,
    state: stateFromRow(model, row),
  }
}

/** The row of a party that has only a state, as the table's defaults would give it. */
export function rowWithoutStanding({
  partyId,
  kind,
  state,
}: Pick<RelationshipRow, 'partyId' | 'kind' | 'state'>): RelationshipRow {
  const standing = { rung: 0, rungSince: 0, health: 'green', healthSince: 0, wakeAt: null } as const
  return { partyId, kind, state, ...standing, persona: null, personaFit: 0 }
}

export interface Transition {
  readonly partyId: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly what: 'rung' | 'health'
  readonly from: string | null
  readonly to: string
  readonly direction: number
  readonly because: string
}

export interface NewStanding {
  readonly partyId: string
  readonly rung: number
  readonly rungSince: number
  readonly health: HealthColour
  readonly healthSince: number
  readonly wakeAt: number | null
  readonly persona: string | null
  readonly personaFit: number
}

export interface Settlement {
  /** Null where the row may stay as it is. */
  readonly standing: NewStanding | null
  readonly transitions: readonly Transition[]
}

/** The row as it is once the standing is written. */
export function rowWith(row: RelationshipRow, standing: NewStanding | null): RelationshipRow {
  if (standing === null) return row
  return { ...row, ...standing, personaFit: asReal(standing.personaFit) }
}

/** As a column of type real gives it back: the shortest decimal of that single-precision number. */
function asReal(value: number): number {
  const single = Math.fround(value)
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits))
    if (Math.fround(short) === single) return short
  }
  return Number(single.toPrecision(9))
}

export interface Moment {
  readonly now: number
  /** When a change counts as having happened, milliseconds. */
  readonly at: number
  /** Name of what happened, or null where time alone did it. */
  readonly because: string | null
  /** False where no trait moved, so that the persona stays; true where it is not said. */
  readonly hasNewTraits?: boolean
}

/**
 * What a row's standing is at `now`, and what must be written. A wake-up that only moved later is
 * not written: waking early costs one look, writing on every touchpoint would cost one write each.
 */
export function settle(model: CompiledModel, row: RelationshipRow, moment: Moment): Settlement {
  const { now, at, because, hasNewTraits = true } = moment
  const { rung, health, wakeAt } = standingOf(model, row.state, now)
  const isNew = row.rungSince === 0
  const rungChanged = isNew || rung !== row.rung
  const healthChanged = isNew || health !== row.health
  const persona = hasNewTraits || isNew ? personaOf(model, row.state) : row
  const personaChanged =
    persona.persona !== row.persona || Math.abs(persona.personaFit - row.personaFit) > 0.01
  const due = row.wakeAt !== null && row.wakeAt <= now
  const wakeChanged = due || (wakeAt !== null && (row.wakeAt === null || wakeAt < row.wakeAt))
  if (!rungChanged && !healthChanged && !wakeChanged && !personaChanged) {
    return { standing: null, transitions: [] }
  }
  const transitions: Transition[] = []
  if (rungChanged) transitions.push(rungTransition(model, row, { rung, now, at, because, isNew }))
  // Green is what everybody starts with and needs no entry.
  if (healthChanged && !(isNew && health === 'green')) {
    transitions.push(healthTransition(model, row, { health, now, at, because, isNew }))
  }
  return {
    standing: {
      partyId: row.partyId,
      rung,
      rungSince: rungChanged ? at : row.rungSince,
      health,
      healthSince: healthChanged ? at : row.healthSince,
      wakeAt,
      persona: persona.persona,
      personaFit: persona.personaFit,
    },
    transitions,
  }
}

function personaOf(
  model: CompiledModel,
  state: State,
): Pick<RelationshipRow, 'persona' | 'personaFit'> {
  const best = personaFit(model, state)
  return { persona: best?.id ?? null, personaFit: best?.fit ?? 0 }
}

interface Change {
  readonly isNew: boolean
  readonly now: number
  readonly at: number
  readonly because: string | null
}

function rungTransition(
  model: CompiledModel,
  row: RelationshipRow,
  { rung, now, at, because, isNew }: Change & { readonly rung: number },
): Transition {
  const rose = isNew || rung > row.rung
  // Rising, what now holds explains it; slipping, what no longer holds.
  const leaf = rose
    ? model.rungs[rung]?.when.leaves.find((part) => part.holds(row.state, now))
    : model.rungs[row.rung]?.when.missing(row.state, now)[0]
  const reason = leaf ? (rose ? leaf.says : leaf.broken) : 'First seen'
  return {
    partyId: row.partyId,
    at,
    what: 'rung',
    from: isNew ? null : (model.rungs[row.rung]?.id ?? null),
    to: model.rungs[rung]?.id ?? '',
    direction: rose ? 1 : -1,
    because: [because, reason].filter(Boolean).join(': ').slice(0, 300),
  }
}

function healthTransition(
  model: CompiledModel,
  row: RelationshipRow,
  { health, now, at, because, isNew }: Change & { readonly health: HealthColour },
): Transition {
  const alarm = [...model.red, ...model.yellow].find(({ when }) => when.holds(row.state, now))
  const direction = healthDirection(row.health, health)
  const reason = alarm?.because ?? 'Nothing gives cause for concern any more'
  return {
    partyId: row.partyId,
    at,
    what: 'health',
    from: isNew ? null : row.health,
    to: health,
    direction,
    because: [direction > 0 ? because : null, reason].filter(Boolean).join(': ').slice(0, 300),
  }
}
