/** /api/segments: make, change, preview, read, and ask why. */
import { z } from 'zod'
import { channels, touchpointKinds } from '../domain/touchpoint-kind.ts'
import { changesOf, consentPurposes, membersOf, overlapOf, partyBehind, segmentNamed, segmentsOfParty, traitKeys, versionsOf, viewsOf } from './read.ts' // prettier-ignore
import { compileAll } from './catalogue.ts'
import { compileTree } from './compile-tree.ts'
import { consentField } from './consent-field.ts'
import { fieldsOf, traitField } from './fields.ts'
import { changeSegment, checkedTree, contextOf, createSegment, removeSegment } from './save.ts'
import { partyKinds } from '../domain/view.ts'
import { partySegments, segmentChangePage, segmentFields, segmentList, segmentMemberPage, segmentOverlap, segmentPreset, segmentPreview, segmentVersionPage, segmentView, segmentWhy } from '../domain/segment-view.ts' // prettier-ignore
import { presets } from './presets.ts'
import { RapportError } from '../domain/error.ts'
import { readSegments } from './segment-queries.ts'
import { treeLimits } from './check-tree.ts'
import { whyOf } from './why.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { LifeUntil } from './why.ts'
import type { Previews } from './preview.ts'
import type { SavingParts } from './save.ts'
import type { SegmentView } from '../domain/segment-view.ts'

export interface SegmentRouteParts extends SavingParts {
  /** Builds what is new or changed; resolves when it serves, or after a while. */
  readonly build: () => Promise<void>
  readonly previews: Previews
  readonly lifeUntil: LifeUntil
}

const tree = z
  .unknown()
  .describe('A group of rules: { combinator, not, rules }. GET /api/segments/fields says of what.')
const named = {
  name: z.string().trim().min(1).max(120),
  about: z.string().max(500).default(''),
  tree,
}
const byId = z.object({ id: z.uuid() })
const page = z.object({
  cursor: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
const tags = ['Segments']

export const segmentRoutes =
  (parts: SegmentRouteParts): FastifyPluginAsyncZod =>
  async (app) => {
    const { db } = parts
    const viewOf = async (id: string): Promise<SegmentView> => {
      const [view] = await viewsOf(db, [id])
      if (!view) throw new RapportError('not_found', 'There is no such segment.')
      return view
    }

    app.get('/api/segments', {
      schema: { summary: 'All segments', tags, response: { 200: segmentList } },
      handler: async () => ({ segments: await viewsOf(db) }),
    })

    app.post('/api/segments', {
      schema: { summary: 'Make a segment', tags, body: z.object({ ...named, kind: z.enum(partyKinds).default('person') }), response: { 201: segmentView } },
      handler: async ({ body, actor }, reply) => {
        const id = await createSegment(parts, { ...body, by: actor?.name ?? '' })
        await parts.build()
        return reply.code(201).send(await viewOf(id))
      },
    }) // prettier-ignore

    app.get('/api/segments/:id', {
      schema: { summary: 'One segment', tags, params: byId, response: { 200: segmentView } },
      handler: async ({ params }) => viewOf(params.id),
    })

    app.put('/api/segments/:id', {
      schema: { summary: 'Change a segment: a new version; the old one serves until it is built', tags, params: byId, body: z.object({ ...named, version: z.number().int().optional().describe('The version you read: refused where it is another by now.') }), response: { 200: segmentView } },
      handler: async ({ params, body, actor }) => {
        await changeSegment(parts, params.id, { ...body, expected: body.version, by: actor?.name ?? '' })
        await parts.build()
        return viewOf(params.id)
      },
    }) // prettier-ignore

    app.delete('/api/segments/:id', {
      schema: { summary: 'Remove a segment', tags, params: byId, response: { 204: z.null() } },
      handler: async ({ params }, reply) => {
        await removeSegment(parts, params.id)
        void parts.build()
        return reply.code(204).send(null)
      },
    })

    asking(app, parts)
    reading(app, parts)
  }

type App = Parameters<FastifyPluginAsyncZod>[0]

function asking(app: App, { db, model, now, previews }: SegmentRouteParts): void {
  app.post('/api/segments/preview', {
    schema: { summary: 'How many a tree would hold, and some of them', tags, body: z.object({ tree, kind: z.enum(partyKinds).default('person') }), response: { 200: segmentPreview } },
    handler: async ({ body: { kind, tree: given } }) => {
      const inForce = await model(db)
      const rows = await readSegments(db)
      const checked = await checkedTree(db, given, contextOf(inForce.compiled, kind, rows))
      const { compiled } = compileAll(rows, inForce.compiled)
      const segments = new Map(compiled.map((segment) => [segment.id, segment]))
      const condition = compileTree(checked, { model: inForce.compiled, kind, segments })
      return previews.preview({ model: inForce, kind, condition, text: JSON.stringify(checked), now: now() })
    },
  }) // prettier-ignore

  app.get('/api/segments/presets', {
    schema: { summary: 'Questions of the field, as trees to begin with', tags, response: { 200: z.object({ presets: z.array(segmentPreset) }) } },
    handler: async () => ({ presets: [...presets] }),
  }) // prettier-ignore

  app.get('/api/segments/fields', {
    schema: { summary: 'What conditions can be built of', tags, querystring: z.object({ kind: z.enum(partyKinds).default('person') }), response: { 200: segmentFields } },
    handler: async ({ query: { kind } }) => {
      const { compiled } = await model(db)
      const keys = await traitKeys(db)
      const purposes = kind === 'person' ? await consentPurposes(db, now()) : []
      const fields = [...fieldsOf(contextOf(compiled, kind, await readSegments(db))), ...purposes.flatMap((purpose) => consentField(purpose) ?? []), ...keys.map(traitField)]
      return { fields, kinds: [...touchpointKinds], channels: [...channels], limits: treeLimits }
    },
  }) // prettier-ignore

  app.get('/api/segments/overlap', {
    schema: { summary: 'How many are in several segments at once', tags, querystring: z.object({ ids: z.string().max(800).describe('Two to ten ids, separated by commas.') }), response: { 200: segmentOverlap } },
    handler: async ({ query }) => {
      const parsed = z.array(z.uuid()).min(2).max(10).safeParse([...new Set(query.ids.split(','))])
      if (!parsed.success) throw new RapportError('invalid_request', 'Give two to ten ids of segments, separated by commas.')
      return overlapOf(db, parsed.data)
    },
  }) // prettier-ignore
}

function reading(app: App, { db, model, now, lifeUntil }: SegmentRouteParts): void {
  app.get('/api/segments/:id/members', {
    schema: { summary: 'Who is inside', tags, params: byId, querystring: page, response: { 200: segmentMemberPage } },
    handler: async ({ params, query }) => {
      const { build } = await segmentNamed(db, params.id)
      return membersOf(db, build ?? 0, { after: cursorOf(query.cursor, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/), limit: query.limit })
    },
  }) // prettier-ignore

  app.get('/api/segments/:id/changes', {
    schema: { summary: 'Who entered or left, newest first', tags, params: byId, querystring: page, response: { 200: segmentChangePage } },
    handler: async ({ params, query }) => {
      await segmentNamed(db, params.id)
      return changesOf(db, params.id, { after: cursorOf(query.cursor, /^\d{1,18}$/), limit: query.limit })
    },
  }) // prettier-ignore

  app.get('/api/segments/:id/versions', {
    schema: { summary: 'What a segment asked over time, newest first', tags, params: byId, querystring: page, response: { 200: segmentVersionPage } },
    handler: async ({ params, query }) => {
      await segmentNamed(db, params.id)
      return versionsOf(db, params.id, { after: cursorOf(query.cursor, /^\d{1,9}$/), limit: query.limit })
    },
  }) // prettier-ignore

  app.get('/api/segments/:id/why', {
    schema: { summary: 'Why somebody is inside or not, condition by condition, now or at a time', tags, params: byId, querystring: z.object({ party: z.uuid(), at: z.iso.datetime().optional() }), response: { 200: segmentWhy } },
    handler: async ({ params, query }) => {
      const row = await segmentNamed(db, params.id)
      const inForce = await model(db)
      const { compiled, broken } = compileAll(await readSegments(db), inForce.compiled)
      const segment = compiled.find(({ id }) => id === row.id)
      if (!segment) throw new RapportError('conflict', `The segment is broken. ${broken.get(row.id) ?? ''}`)
      const party = await partyBehind(db, query.party)
      const at = query.at === undefined ? null : Date.parse(query.at)
      const question = { model: inForce, condition: segment.condition, party, now: now(), at, lifeUntil }
      const { inside, tree: told } = await whyOf(db, question)
      return {
        segment: { id: row.id, name: row.name },
        party,
        at: new Date(at ?? now()).toISOString(),
        inside: inside && party.kind === row.kind,
        tree: told,
      }
    },
  }) // prettier-ignore

  app.get('/api/parties/:id/segments', {
    schema: { summary: 'The segments that a party is in', tags: ['Parties'], params: byId, response: { 200: partySegments } },
    handler: async ({ params }) => ({ segments: await segmentsOfParty(db, (await partyBehind(db, params.id)).id) }),
  }) // prettier-ignore
}

function cursorOf(cursor: string | undefined, shape: RegExp): string | null {
  if (cursor === undefined) return null
  if (!shape.test(cursor)) throw new RapportError('invalid_cursor')
  return cursor
}
