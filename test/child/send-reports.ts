/** Sends the reports that are due in a database: `send-reports.ts <database> <mail server> <now>`. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '../../src/app/compose.ts'
import { createLive } from '../../src/app/live.ts'
import { createMailer } from '../../src/deliver/email.ts'
import { createPictureKeys } from '../../src/app/reports/picture-keys.ts'
import { createPictures } from '../../src/app/reports/pictures.ts'
import { createReportClock } from '../../src/app/reports/report-clock.ts'
import { openLens } from '../../src/store/lens.ts'
import { openTruth } from '../../src/store/truth.ts'
import { readConfig } from '../../src/app/config.ts'
import { reportPartsOf } from '../../src/app/reports/report-parts.ts'

const [databaseUrl = '', smtpUrl = '', at = '0'] = process.argv.slice(2)
const now = (): number => Number(at)
const dataFolder = mkdtempSync(join(tmpdir(), 'rapport-child-'))
const truth = await openTruth({ databaseUrl, dataFolder })
const lens = openLens({ dataFolder })
const config = readConfig({ RAPPORT_DATA: dataFolder })
const engine = await createEngine({ config, truth, lens, live: createLive() })
const clock = createReportClock({
  ...{ db: truth.db, now, onError: (error) => process.stderr.write(String(error)) },
  report: { ...reportPartsOf({ truth, lens }, engine), now },
  pictures: createPictures({
    ...{ keys: createPictureKeys(now), address: () => null },
    chromiumPath: async () => null,
  }),
  mailer: createMailer({ smtpUrl, from: 'r@example.com' }),
  webhooks: { allowPrivate: true, now: Date.now },
  publicUrl: () => 'https://rapport.example.com',
})
await clock.sendDue()
// Whoever started this kills it.
setInterval(() => {}, 1_000)
