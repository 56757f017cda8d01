/** The model: read it, check a change (who would move), apply it. */
import { z } from 'zod'
import { RapportError } from '../../domain/error.ts'
import { compileModel } from '../../relationship/compile-model.ts'
import { dryRun } from '../dry-run.ts'
import { loadModel, parseModel } from '../../relationship/parse-model.ts'
import { modelCheck } from '../../domain/model-view.ts'
import { servingModelRow } from '../serving-model.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ReadingParts } from './party-routes.ts'

export interface Playbook {
  readonly id: string
  readonly yaml: string
}

export interface ModelParts extends ReadingParts {
  readonly playbooks: readonly Playbook[]
  /** Segments that a model would break, and why. */
  readonly segmentsBrokenBy: (
    model: CompiledModel,
  ) => Promise<{ id: string; name: string; reason: string }[]>
  /** Replays and swaps; resolves with the new version. */
  readonly apply: (yaml: string, by: string) => Promise<{ version: number; touchpoints: number }>
}

const yamlBody = z.object({ yaml: z.string().max(500_000) })
const modelView = z.object({
  version: z.number().int(),
  yaml: z.string(),
  model: z.unknown(),
  appliedAt: z.string().nullable(),
  appliedBy: z.string(),
  state: z.string(),
})
const playbookView = z.object({
  id: z.string(),
  name: z.string(),
  about: z.string(),
  yaml: z.string(),
})

export const modelRoutes =
  ({ db, models, now, playbooks, apply, segmentsBrokenBy }: ModelParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/api/model', {
      schema: { summary: 'The model in force', tags: ['Model'], response: { 200: modelView } },
      handler: async () => {
        const row = await servingModelRow(db)
        if (!row) throw new RapportError('not_found', 'There is no model yet.')
        const { compiled } = await models.serving(db)
        const { version, yaml, createdBy, appliedAt } = row
        return { version, yaml, model: compiled.declared, appliedAt: appliedAt?.toISOString() ?? null, appliedBy: createdBy, state: 'serving' }
      },
    }) // prettier-ignore

    app.get('/api/model/playbooks', {
      schema: { summary: 'Complete models to begin with', tags: ['Model'], response: { 200: z.object({ playbooks: z.array(playbookView) }) } },
      handler: async () => ({
        playbooks: playbooks.map(({ id, yaml }) => {
          const { declared } = loadModel(yaml)
          return { id, name: declared.model, about: declared.about ?? '', yaml }
        }),
      }),
    }) // prettier-ignore

    app.post('/api/model/check', {
      schema: { summary: 'Check a model, and show who would move', tags: ['Model'], body: yamlBody, response: { 200: modelCheck } },
      handler: async ({ body }) => {
        const parsed = parseModel(body.yaml)
        if (!parsed.ok) return { ok: false, errors: parsed.faults, brokenSegments: [], dryRun: null }
        const proposed = compileModel(parsed.model)
        const run = await dryRun(db, await models.serving(db), proposed, now())
        const brokenSegments = await segmentsBrokenBy(proposed)
        return { ok: true, errors: [], brokenSegments, dryRun: { ...run, sample: [...run.sample] } }
      },
    }) // prettier-ignore

    app.put('/api/model', {
      schema: { summary: 'Apply a model: replays the whole history', tags: ['Model'], body: yamlBody, response: { 200: z.object({ version: z.number().int(), touchpoints: z.number().int() }) } },
      handler: async ({ body, actor }) => apply(body.yaml, actor?.name ?? ''),
    }) // prettier-ignore
  }
