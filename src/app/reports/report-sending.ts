/** Sending reports, put together: schedules, pictures, mail, webhooks, and the clock that runs them. */
import { randomBytes, randomUUID } from 'node:crypto'
import { checkedAddress } from '../../deliver/public-address.ts'
import { createMailer } from '../../deliver/email.ts'
import { createPictures } from './pictures.ts'
import { createReportClock, type ReportClock } from './report-clock.ts'
import { localAddress } from './local-address.ts'
import { pictureRoutes } from './picture-routes.ts'
import { publicUrlOf } from '../config.ts'
import { reportPartsOf } from './report-parts.ts'
import { scheduleRoutes } from '../../prove/schedules/http.ts'
import { webhookSecret } from '../../deliver/webhook-signature.ts'
import type { Engine, EngineOptions } from '../engine.ts'
import type { FastifyPluginAsync } from 'fastify'
import type { ServingParts } from '../start-rapport.ts'

export interface ReportSending extends Pick<ReportClock, 'stop'> {
  readonly routes: readonly FastifyPluginAsync[]
}

export function createReportSending(
  parts: ServingParts,
  engine: Engine,
  { onError = () => {}, longestSleep }: EngineOptions,
): ReportSending {
  const { config, truth, pictureKeys } = parts
  const { db } = truth
  const { now } = engine
  const listening = localAddress()
  const pictures = createPictures({ keys: pictureKeys, address: listening.address })
  const rule = { allowPrivate: config.webhooksMayBePrivate }
  const clock = createReportClock({
    ...{ db, now, onError, pictures },
    report: reportPartsOf(parts, engine),
    mailer: config.mail && createMailer(config.mail),
    webhooks: { ...rule, now },
    // The port is known when it listens, which is before anything is sent.
    publicUrl: () => config.publicUrl ?? listening.address() ?? publicUrlOf(config),
    ...(longestSleep === undefined ? {} : { longestSleep }),
  })
  const schedules = scheduleRoutes({
    ...{ db, now, newId: randomUUID, wake: clock.wake },
    newSecret: () => webhookSecret(randomBytes(24)),
    checkWebhook: (address) => void checkedAddress(address, rule),
    abilities: async () => ({ email: config.mail !== null, pictures: await pictures.canTake() }),
  })
  return {
    // It begins when the server listens: pictures are taken of its own pages.
    routes: [
      listening.plugin(clock.start),
      schedules as FastifyPluginAsync,
      pictureRoutes(pictures) as FastifyPluginAsync,
    ],
    stop: clock.stop,
  }
}
