/** GET /api/parties and everything below one party. */
import { z } from 'zod'
import { RapportError } from '../../domain/error.ts'
import { subjectIdOf } from '../../domain/identifier.ts'
import { normaliseIdentifier } from '../../domain/normalise-identifier.ts'
import {
  evidenceView,
  healthColour,
  partyDetail,
  partyKinds,
  partyPage,
  touchpointPage,
  trustStatement,
} from '../../domain/view.ts'
import { healthDay, transitionView } from '../../domain/ladder-view.ts' // prettier-ignore
import { evidenceOf } from '../read/evidence.ts'
import { listParties, livingParty, partyOfSubject } from '../read/list-parties.ts'
import { partyCalendar } from '../read/health-calendar.ts'
import { partyDetailOf, storedOf } from '../read/party-detail.ts'
import { partySummaryOf } from '../read/party-summary.ts'
import { rowsOfParties } from '../relationship-queries.ts'
import { timelineOf } from '../read/timeline.ts'
import { touchpointsOfAccounts, touchpointsOfParties } from '../party-log.ts'
import { transitionsOf } from '../read/movers.ts'
import { trustStatementOf } from '../read/trust-statement.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Kysely } from 'kysely'
import type { ModelCache, ServingModel } from '../serving-model.ts'
import type { PartyTouchpoint } from '../party-log.ts'
import type { RelationshipRow } from '../standing-row.ts'

export interface ReadingParts {
  readonly db: Kysely<unknown>
  readonly models: ModelCache
  readonly now: () => number
}

const byId = z.object({ id: z.uuid() })
const text = (length: number) => z.string().max(length)
const cursor = text(500).optional()
const listQuery = z.object({
  kind: z.enum(partyKinds).default('person').describe('Persons or accounts.'),
  search: text(200).optional().describe('Beginning of a word of the name, or of an identifier.'),
  rung: text(40).optional(),
  health: healthColour.optional(),
  persona: text(40).optional(),
  account: z.uuid().optional().describe('Only people of this account.'),
  segment: z.uuid().optional().describe('Only who is in this segment.'),
  identifier: text(300).optional().describe('Exact look-up, for example email:ada@example.com.'),
  sort: z.enum(['recent', 'name', 'rung']).default('recent'),
  cursor,
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

interface Found {
  readonly model: ServingModel
  readonly row: RelationshipRow
  readonly id: string
  readonly displayName: string
}

export const partyRoutes =
  ({ db, models, now }: ReadingParts): FastifyPluginAsyncZod =>
  async (app) => {
    const find = async (id: string): Promise<Found> => {
      const party = await livingParty(db, id)
      const model = await models.serving(db)
      const [row] = party ? await rowsOfParties(db, model, [party.id]) : []
      if (!party || !row) throw new RapportError('not_found', 'There is no such party.')
      return { model, row, ...party }
    }
    const logOf = ({ id, row }: Found): Promise<PartyTouchpoint[]> =>
      row.kind === 'account' ? touchpointsOfAccounts(db, [id]) : touchpointsOfParties(db, [id])

    app.get('/api/parties', {
      schema: { summary: 'Parties: search, filter, sort, page', tags: ['Parties'], querystring: listQuery, response: { 200: partyPage } },
      handler: async ({ query }) => {
        const model = await models.serving(db)
        return query.identifier === undefined
          ? listParties(db, model, query, now())
          : lookUp(db, model, query.identifier, now())
      },
    }) // prettier-ignore

    app.get('/api/parties/:id', {
      schema: { summary: 'One party with the evidence for every number', tags: ['Parties'], params: byId, response: { 200: partyDetail } },
      handler: async ({ params }) => {
        const { model, row, id, displayName } = await find(params.id)
        const stored = await storedOf(db, id)
        return partyDetailOf(model.compiled, row, { ...stored, displayName }, now())
      },
    }) // prettier-ignore

    app.get('/api/parties/:id/touchpoints', {
      schema: {
        summary: 'Touchpoints of a party, newest first',
        tags: ['Parties'],
        params: byId,
        querystring: z.object({ kind: text(60).optional(), channel: text(60).optional(), cursor, limit: listQuery.shape.limit }),
        response: { 200: touchpointPage },
      },
      handler: async ({ params, query }) => timelineOf(db, { ...query, partyId: (await find(params.id)).id }),
    }) // prettier-ignore

    app.get('/api/parties/:id/trust', {
      schema: { summary: 'The trust account, entry by entry', tags: ['Parties'], params: byId, querystring: z.object({ cursor }), response: { 200: trustStatement } },
      handler: async ({ params, query }) => {
        const found = await find(params.id)
        return trustStatementOf(found.model.compiled, await logOf(found), now(), query.cursor)
      },
    }) // prettier-ignore

    app.get('/api/parties/:id/evidence', {
      schema: { summary: 'Any number, opened to its touchpoints and weights', tags: ['Parties'], params: byId, querystring: z.object({ of: text(80) }), response: { 200: evidenceView } },
      handler: async ({ params, query }) => {
        const found = await find(params.id)
        return evidenceOf(found.model.compiled, query.of, await logOf(found), now())
      },
    }) // prettier-ignore

    app.get('/api/parties/:id/calendar', {
      schema: { summary: 'Health by day', tags: ['Parties'], params: byId, querystring: z.object({ days: z.coerce.number().int().min(1).max(800).default(182) }), response: { 200: z.object({ days: z.array(healthDay) }) } },
      handler: async ({ params, query }) => {
        const { model, row, id } = await find(params.id)
        const seen = partySummaryOf(model.compiled, row, '', now()).firstSeenAt
        const firstSeenAt = seen === null ? null : Date.parse(seen)
        return { days: await partyCalendar(db, { id, firstSeenAt }, query.days, now()) }
      },
    }) // prettier-ignore

    app.get('/api/parties/:id/transitions', {
      schema: { summary: 'Changes of rung and health', tags: ['Parties'], params: byId, response: { 200: z.object({ transitions: z.array(transitionView) }) } },
      handler: async ({ params }) => ({ transitions: await transitionsOf(db, (await find(params.id)).id) }),
    }) // prettier-ignore
  }

/** `namespace:value` -> a page of none or one. */
async function lookUp(
  db: Kysely<unknown>,
  model: ServingModel,
  identifier: string,
  now: number,
): Promise<z.infer<typeof partyPage>> {
  const colon = identifier.indexOf(':')
  if (colon < 1) {
    throw new RapportError(
      'invalid_request',
      'Write the identifier as namespace:value, for example email:ada@example.com.',
    )
  }
  const [namespace, value] = [identifier.slice(0, colon), identifier.slice(colon + 1)]
  const normalised = normaliseIdentifier(namespace, value)
  const partyId = normalised && (await partyOfSubject(db, subjectIdOf(normalised)))
  const party = partyId ? await livingParty(db, partyId) : null
  const [row] = party ? await rowsOfParties(db, model, [party.id]) : []
  const parties = row && party ? [partySummaryOf(model.compiled, row, party.displayName, now)] : []
  return { parties, next: null }
}
