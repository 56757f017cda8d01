/** What a schedule says: as an e-mail, or as the body of a webhook. */
import { pictureId, type ReportFiles } from './report-files.ts'
import type { Mail } from '../../deliver/email.ts'
import type { StoredSchedule } from '../../prove/schedules/queries.ts'

export interface Told {
  readonly schedule: StoredSchedule
  readonly dueAt: Date
  readonly made: ReportFiles
  /** Of the app, without a slash at its end. */
  readonly publicUrl: string
}

/** The same for each attempt of a delivery. */
export const deliveryId = (schedule: StoredSchedule, dueAt: Date): string =>
  `${schedule.id}.${dueAt.getTime()}`

/** Left of the @ of its Message-ID. */
export const mailId = (schedule: StoredSchedule, dueAt: Date): string =>
  `report.${deliveryId(schedule, dueAt)}`

function linkOf({ schedule, publicUrl }: Pick<Told, 'schedule' | 'publicUrl'>): string {
  const query = new URLSearchParams(schedule.query)
  return `${publicUrl}/reports/${schedule.report}${query.size === 0 ? '' : `?${query.toString()}`}`
}

export function mailOf(told: Told): Mail {
  const { schedule, dueAt, made } = told
  const { from, to } = made.period
  const link = linkOf(told)
  const sentences = [
    `${from} to ${to} (UTC).`,
    ...(made.leftOut === null ? [] : [made.leftOut]),
    ...made.notes,
  ]
  const why = `${schedule.createdBy} set up this sending in Rapport. It can be changed or removed there, under “Schedule” of the report.`
  const picture = made.files.find(({ shownAs }) => shownAs === pictureId)
  const paragraphs = sentences.map((text) => `<p>${escaped(text)}</p>`)
  return {
    to: schedule.targets,
    subject: `${schedule.title}: ${from} to ${to}`,
    id: mailId(schedule, dueAt),
    files: made.files,
    text: [schedule.title, link, ...sentences, why].join('\n\n'),
    html: [
      '<div style="font-family:system-ui,sans-serif;max-width:720px;line-height:1.5">',
      `<h1 style="font-size:20px"><a href="${escaped(link)}">${escaped(schedule.title)}</a></h1>`,
      paragraphs[0],
      ...(picture === undefined
        ? []
        : [
            `<p><img src="cid:${pictureId}" alt="${escaped(schedule.title)}" style="width:100%"></p>`,
          ]),
      ...paragraphs.slice(1),
      `<p style="color:#666">${escaped(why)}</p></div>`,
    ].join('\n'),
  }
}

export function webhookBodyOf(told: Told): string {
  const { schedule, dueAt, made } = told
  return JSON.stringify({
    type: 'report.scheduled',
    timestamp: dueAt.toISOString(),
    data: {
      schedule: schedule.id,
      title: schedule.title,
      report: schedule.report,
      query: schedule.query,
      period: made.period,
      link: linkOf(told),
      leftOut: made.leftOut,
      notes: made.notes,
      files: made.files.map(({ name, type, body }) => ({
        ...{ name, type },
        content: Buffer.from(body).toString('base64'),
      })),
    },
  })
}

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' },
}
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => entities[one] ?? one)
