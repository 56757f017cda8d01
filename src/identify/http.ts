/** Merge, split and undo, and the log of what was decided about a party. */
import { sql } from 'kysely'
import { z } from 'zod'
import { identityDecisionView } from '../domain/view.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Kysely } from 'kysely'

export interface Decider {
  readonly name: string
  readonly reason: string
}

/** Each gives the ids of the parties that the identifiers now belong to. */
export interface IdentityActions {
  merge(one: string, other: string, by: Decider): Promise<string[]>
  split(partyId: string, subjectIds: readonly string[], by: Decider): Promise<string[]>
  undo(decisionId: string, by: Decider): Promise<string[]>
}

const byId = z.object({ id: z.uuid() })
const reason = z.string().max(300).default('')
const outcome = z.object({ parties: z.array(z.uuid()) })
const decisions = z.object({ decisions: z.array(identityDecisionView) })

export const identityRoutes =
  (db: Kysely<unknown>, actions: IdentityActions): FastifyPluginAsyncZod =>
  async (app) => {
    app.post('/api/parties/:id/merge', {
      schema: { summary: 'Merge another party into this one', tags: ['Identity'], params: byId, body: z.object({ otherId: z.uuid(), reason }), response: { 200: outcome } },
      handler: async ({ params, body, actor }) => ({
        parties: await actions.merge(params.id, body.otherId, { name: actor?.name ?? '', reason: body.reason }),
      }),
    }) // prettier-ignore

    app.post('/api/parties/:id/split', {
      schema: { summary: 'Take identifiers out into a party of their own', tags: ['Identity'], params: byId, body: z.object({ subjectIds: z.array(z.uuid()).min(1).max(500), reason }), response: { 200: outcome } },
      handler: async ({ params, body, actor }) => ({
        parties: await actions.split(params.id, body.subjectIds, { name: actor?.name ?? '', reason: body.reason }),
      }),
    }) // prettier-ignore

    app.post('/api/identity/decisions/:id/undo', {
      schema: { summary: 'Take a merge or split by hand back', tags: ['Identity'], params: z.object({ id: z.string().regex(/^\d{1,18}$/) }), response: { 200: outcome } },
      handler: async ({ params, actor }) => ({
        parties: await actions.undo(params.id, { name: actor?.name ?? '', reason: 'Taken back' }),
      }),
    }) // prettier-ignore

    app.get('/api/parties/:id/identity', {
      schema: { summary: 'What was decided about the identity of a party', tags: ['Identity'], params: byId, response: { 200: decisions } },
      handler: async ({ params }) => ({ decisions: await decisionsOf(db, params.id) }),
    }) // prettier-ignore
  }

type Decision = z.infer<typeof identityDecisionView>

async function decisionsOf(db: Kysely<unknown>, partyId: string): Promise<Decision[]> {
  const { rows } = await sql<Omit<Decision, 'at'> & { at: Date }>`
    with recursive way (id, merged_into, step) as (
      select id, merged_into, 0 from party where id = ${partyId}::uuid
      union all
      select p.id, p.merged_into, way.step + 1
      from way join party p on p.id = way.merged_into where way.step < 50),
    own as (select array_agg(subject_id) as subjects from identifier
      where party_id in (select id from way where merged_into is null))
    select d.id::text as id, d.at, d.action, d.by, d.reason,
      (select coalesce(json_agg(json_build_object('namespace', i.namespace, 'value', i.value)), '[]')
        from identifier i where i.subject_id = any(d.subjects)) as identifiers,
      exists (select 1 from identity_decision u where u.undoes = d.id) as undone
    from identity_decision d, own where d.subjects && own.subjects
    order by d.id desc limit 100`.execute(db)
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}
