/** Support, promises, surveys; and the broken promise of month 13 with what was done about it. */
import { day, moment, running, week } from './life.ts'
import { keptPromise, socialText, surveyText, thanksText, ticketText } from './texts.ts'
import { promises } from './company.ts'
import type { Life } from './life.ts'
import type { Mood } from './texts.ts'

const minute = 60_000

export function careFor(life: Life, from: number): void {
  const { calendar } = life
  if (life.usesSince === null || life.usesSince > from) return
  if (from <= calendar.incidentAt && calendar.incidentAt < from + week) breakPromise(life)
  keepPromise(life, from)
  support(life, from)
  survey(life, from)
  learn(life, from)
}

/** How someone puts things today: by nature, and by what they have been through with us. */
export function moodOf({ random, person, trust }: Life): Mood {
  const tone = 1.6 * (person.nature.warmth - 0.5) + 0.75 * trust + random.normal(0, 0.45)
  return tone > 0.4 ? 'glad' : tone < -0.6 ? 'cross' : 'calm'
}

/** The sync that was promised for the season did not come, and the labels failed on a Saturday. */
function breakPromise(life: Life): void {
  const { random, diary, calendar, person } = life
  if (!running(life, calendar.incidentAt) || !random.chance(0.7)) return
  const at = calendar.incidentAt + random.next() * day
  life.affectedAt = at
  diary.track(at, 'Promise Broken', { promise: promises.broken }, 'server')
  life.trust -= 1.4 + 0.8 * random.next()
  if (random.chance(0.4)) openTicket(life, at + 0.3 * day, 'cross')
  if (random.chance(0.12 + 0.2 * person.nature.voice)) {
    diary.track(
      at + 1.2 * day,
      'Brand Mentioned',
      { text: socialText(random, false), on: 'forum', reach: person.followers },
      'server',
    )
  }
  // Three in five were called in person, got a credit, and saw the sync work a few weeks later.
  if (!random.chance(0.6)) return
  const repairedAt = at + (14 + random.exponential(10)) * day
  if (repairedAt > calendar.now) return
  life.recoveredAt = repairedAt
  diary.track(
    repairedAt,
    'Recovery Completed',
    { by: 'a call from a founder', credit: 40, promise: promises.broken },
    'server',
  )
  life.trust += 1.5 + 1.1 * random.next()
  if (random.chance(0.25 + 0.3 * person.nature.warmth)) {
    diary.track(repairedAt + 2 * day, 'Thanked', { text: thanksText(random) }, 'server')
  }
}

function keepPromise(life: Life, from: number): void {
  const { random, diary } = life
  if (!life.isLead || !random.chance(0.022)) return
  diary.track(moment(life, from), 'Promise Kept', { promise: keptPromise(random) }, 'server')
  life.trust += 0.3
}

function support(life: Life, from: number): void {
  const { random } = life
  const rate = life.weeksOfUse < 6 ? 0.09 : 0.028
  if (random.chance(rate)) openTicket(life, moment(life, from), moodOf(life))
}

/** Support is quick on most days and slow after the incident. */
function openTicket(life: Life, at: number, mood: Mood): void {
  const { random, diary, calendar } = life
  const ticketId = `T-${life.person.id}-${Math.floor(at / 1000).toString(36)}`
  const channel = random.weighted({ email: 5, chat: 3, phone: 1 })
  diary.track(
    at,
    'Ticket Opened',
    { ticket_id: ticketId, text: ticketText(random, mood), via: channel },
    'server',
  )
  const isBusy = at > calendar.incidentAt && at < calendar.incidentAt + 4 * week
  const minutes = Math.round(Math.exp(random.normal(isBusy ? 6.8 : 4.5, 1.1)))
  const forgotten = random.chance(0.03)
  if (forgotten) return
  const resolvedAt = at + (minutes + random.exponential(300)) * minute
  diary.track(
    resolvedAt,
    'Ticket Resolved',
    { ticket_id: ticketId, response_minutes: minutes },
    'server',
  )
  life.trust +=
    minutes <= 60
      ? 0.25
      : minutes <= 480
        ? 0.1
        : minutes >= 2880
          ? -0.5
          : minutes >= 1440
            ? -0.25
            : 0
  if (!random.chance(0.3)) return
  const rating = Math.max(
    1,
    Math.min(5, Math.round(4 + 0.6 * life.trust - minutes / 1500 + random.normal(0, 0.6))),
  )
  diary.track(
    resolvedAt + 0.2 * day,
    'Survey Answered',
    { survey: 'csat', rating, scale: 5, ticket_id: ticketId },
    'server',
  )
}

/** NPS each quarter, answered by about a third. */
function survey(life: Life, from: number): void {
  const { random, diary, person } = life
  if (life.weeksOfUse < 5 || Math.floor(from / week) % 13 !== 4 || !random.chance(0.36)) return
  const feeling = 7.3 + 1.5 * life.trust + 1.5 * (person.nature.warmth - 0.5) + random.normal(0, 1)
  const score = Math.max(0, Math.min(10, Math.round(feeling)))
  const mood: Mood = score >= 9 ? 'glad' : score <= 5 ? 'cross' : 'calm'
  const text = random.chance(0.55) ? { text: surveyText(random, mood) } : {}
  diary.track(
    moment(life, from),
    'Survey Answered',
    { survey: 'nps', survey_type: 'nps', score, ...text },
    'server',
  )
}

/** Webinars and the grower's certificate, for those who want to be good at it. */
function learn(life: Life, from: number): void {
  const { random, diary, person } = life
  if (Math.floor(from / week) % 6 === 2 && random.chance(0.05 + 0.1 * person.nature.curiosity)) {
    diary.track(
      moment(life, from),
      'Webinar Attended',
      { title: 'Hollow Hour', minutes: 45 },
      'server',
    )
    life.understanding = Math.min(1, life.understanding + 0.05)
  }
  if (life.weeksOfUse > 10 && !life.seen.has('certificate') && random.chance(0.006)) {
    life.seen.add('certificate')
    const at = moment(life, from)
    diary.track(at - 9 * day, 'Course Started', { title: 'Living Stock Manager' })
    diary.track(at - 2 * day, 'Course Completed', { title: 'Living Stock Manager' })
    diary.track(at, 'Certification Earned', { title: 'Living Stock Manager' }, 'server')
    life.trust += 0.3
  }
}
