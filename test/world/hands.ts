/** People at the controls: random merges, splits and second thoughts, while the world comes in. */
import { sql, type Kysely } from 'kysely'
import { RapportError } from '../../src/domain/error.ts'
import type { IdentityActions } from '../../src/identify/http.ts'
import type { Random } from '../../src/math/random.ts'

interface Hands {
  /** Does one thing or another; 1 where it could be done, 0 where it was refused. */
  act(actions: IdentityActions): Promise<number>
  /** How often they acted so far. */
  acts(): number
}

const by = { name: 'Hand', reason: 'a test' }

export function createHands(db: Kysely<unknown>, random: Random): Hands {
  let acts = 0
  const decide = async (actions: IdentityActions): Promise<void> => {
    const { rows: parties } = await sql<{ id: string; kind: string; subjects: string[] }>`
      select p.id, p.kind, array_agg(i.subject_id::text order by i.subject_id) as subjects
      from party p join identifier i on i.party_id = p.id group by p.id order by min(i.subject_id::text)`.execute(
      db,
    )
    const what = random.weighted({ merge: 3, split: 3, undo: 2 })
    if (what === 'undo') {
      const { rows } = await sql<{ id: string }>`
        select id::text as id from identity_decision where by = ${by.name} and action <> 'undo'
        order by identity_decision.id`.execute(db)
      if (rows.length > 0) await actions.undo(random.choice(rows).id, by)
      return
    }
    const of = parties.filter(({ kind }) => kind === (random.chance(0.8) ? 'person' : 'account'))
    if (of.length === 0) return
    const [one, other] = [random.choice(of), random.choice(of)]
    if (what === 'merge') await actions.merge(one.id, other.id, by)
    else
      await actions.split(
        one.id,
        one.subjects.filter(() => random.chance(0.5)),
        by,
      )
  }
  return {
    acts: () => acts,
    async act(actions) {
      acts++
      try {
        await decide(actions)
        return 1
      } catch (error) {
        // Somebody was faster, or it makes no sense: both are refused in good order.
        if (error instanceof RapportError && ['not_found', 'conflict'].includes(error.code))
          return 0
        throw error
      }
    },
  }
}
