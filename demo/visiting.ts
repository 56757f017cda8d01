/** Visits, reading, the newsletter, and the moment when a stranger says who they are. */
import { acquisitions, landingContext } from './acquisition.ts'
import { pieceOf, seriesAppeal, seriesList } from './content.ts'
import { day, moment, week } from './life.ts'
import type { Life } from './life.ts'
import type { JsonObject } from '../src/domain/touchpoint.ts'
import type { SeriesId } from './content.ts'

const minute = 60_000

/** The first moment. At the fair it is a handshake, with display it is a banner seen. */
export function meet(life: Life): void {
  const { newcomer, diary, arrivesAt, random, isLead } = life
  if (!isLead) return
  const { channel, referredBy } = newcomer
  if (channel === 'display') {
    for (let i = 0; i <= random.poisson(1.5); i++) {
      diary.track(arrivesAt + i * day, 'Ad Seen', { campaign: 'spring-banner', network: 'adnet' })
    }
    if (!random.chance(0.35)) {
      life.interest = 0.02
      return
    }
  }
  if (channel === 'trade_fair') {
    diary.identify(arrivesAt, traitsOf(life))
    diary.track(arrivesAt + minute, 'Event Attended', { name: 'GreenExpo', booth: 'B14' }, 'server')
  }
  if (channel === 'giveaway' || channel === 'paid_search') {
    diary.track(arrivesAt - 20_000, 'Ad Clicked', { campaign: acquisitions[channel].campaign.name })
  }
  const code = referredBy ? `hollow-${referredBy}` : null
  const { landing, signUp } = acquisitions[channel]
  const at = arrivesAt + 2 * minute
  diary.page(at, landing, { title: titleOf(landing) }, landingContext(channel, code))
  if (!diary.isKnown && random.chance(signUp)) subscribe(life, at + 3 * minute)
  else if (channel === 'trade_fair' && random.chance(0.5)) subscribe(life, at + minute)
}

const titleOf = (path: string): string =>
  path === '/' ? 'Fernhollow' : path.slice(1).replaceAll(/[-/]/g, ' ')

/** One visit: a few pages, perhaps something to read, perhaps the prices. */
export function visit(life: Life, from: number): void {
  const { random, diary, person } = life
  let at = moment(life, from, day)
  diary.page(at, '/', { title: 'Fernhollow' })
  if (random.chance(0.72)) read(life, (at += minute))
  if (random.chance(0.25 + 0.2 * person.nature.curiosity)) read(life, (at += 3 * minute))
  const wantsPrices = 0.35 * person.nature.need * (0.3 + life.understanding)
  if (!life.usesSince && random.chance(wantsPrices))
    diary.page((at += minute), '/pricing', { title: 'Prices' })
  if (!life.usesSince && random.chance(0.25 * wantsPrices)) {
    diary.track((at += minute), 'Comparison Viewed', {
      with: random.choice(['a spreadsheet', 'RootTrack', 'PotPlanner']),
    })
  }
  if (!diary.isKnown && random.chance(0.05 + 0.2 * life.understanding * person.nature.need)) {
    subscribe(life, at + minute)
  }
  const asks = 0.3 * person.nature.need * life.understanding
  if (diary.isKnown && life.contract.trialFrom === null && random.chance(asks))
    ask(life, at + 2 * minute)
}

/** Chosen by taste alone, not by need: so whatever a series changes, it changes itself. */
function read(life: Life, at: number): void {
  const { random, diary } = life
  const appeal =
    life.newcomer.channel === 'giveaway'
      ? { ...seriesAppeal, plant_of_the_week: 1.6 }
      : seriesAppeal
  const series: SeriesId = random.weighted(appeal)
  const { titles, name, teaches, format } = seriesList[series]
  const isNext = series === 'living_stock' && random.chance(0.8)
  const piece = pieceOf(series, isNext ? life.seriesSeen[series] : random.integer(titles.length))
  const properties: JsonObject = {
    title: piece.title,
    series: name,
    category: 'article',
    path: piece.path,
  }
  if (format === 'study') {
    diary.track(at, 'Content Downloaded', { title: piece.title, series: name, format })
  } else if (format === 'video') {
    diary.track(at, 'Video Watched', {
      title: piece.title,
      series: name,
      seconds: 30 + random.integer(240),
    })
  } else diary.page(at, piece.path, properties)
  life.seriesSeen[series]++
  if (!life.seen.has(piece.title)) life.understanding = Math.min(1, life.understanding + teaches)
  life.seen.add(piece.title)
  if (teaches > 0) life.trust += 0.03
  if (random.chance(0.008 + 0.03 * life.person.nature.voice * Math.max(0, life.trust))) {
    diary.track(at + 2 * minute, 'Content Shared', {
      title: piece.title,
      on: random.choice(['instagram', 'whatsapp', 'forum']),
    })
  }
}

export function subscribe(life: Life, at: number): void {
  const { diary } = life
  if (!diary.isKnown) diary.identify(at, traitsOf(life))
  diary.track(at + 5_000, 'Subscribed', { list: 'The Hollow Letter' })
  life.isSubscribedToLetter = true
}

function ask(life: Life, at: number): void {
  const { random, diary } = life
  const name = random.weighted({ 'Demo Requested': 3, 'Need Expressed': 3, 'Quote Requested': 1 })
  const needs = ['waste', 'labels', 'pre-orders', 'stock count', 'staff rota']
  diary.track(at, name, {
    about: random.choice(needs),
    want_or_need: random.choice(['want', 'need']),
  })
  if (name === 'Demo Requested' && random.chance(0.7)) {
    diary.track(
      at + 2.2 * day,
      'Meeting Held',
      { with: 'Marisol', minutes: 25 + random.integer(30) },
      'server',
    )
    life.trust += 0.35
    life.understanding = Math.min(1, life.understanding + 0.1)
  }
}

export function traitsOf({ person, newcomer }: Life): JsonObject {
  const { given, family, account, market, followers } = person
  return {
    name: `${given} ${family}`,
    firstName: given,
    lastName: family,
    email: person.email,
    role: person.role,
    industry: person.industry,
    country: market.country,
    city: person.city,
    timezone: market.zone,
    ...(account ? { company: account.name, employees: account.employees } : {}),
    ...(followers >= 300 ? { followers } : {}),
    relationship: relationshipOf(person.persona, newcomer.channel),
  }
}

function relationshipOf(persona: string, channel: string): string {
  if (persona === 'plant_voice') return 'influencer'
  return channel === 'guild' && persona === 'landscape_designer' ? 'partner' : 'prospect'
}

/** The fortnightly letter. It works for those who still care, and wears out the others. */
export function letter(life: Life, from: number): void {
  const { random, diary, calendar } = life
  if (!life.isSubscribedToLetter || Math.floor(from / week) % 2 === 1) return
  const sentAt = Math.floor(from / week) * week + 5 * day + 7 * 3_600_000
  if (sentAt < from || sentAt > calendar.now) return
  const issue = Math.floor((sentAt - calendar.start) / (2 * week)) + 1
  const subject = `The Hollow Letter ${issue}`
  if (life.newcomer.channel === 'giveaway' && random.chance(0.02)) {
    diary.track(sentAt, 'Email Bounced', { subject }, 'mail')
    life.isSubscribedToLetter = false
    return
  }
  diary.track(sentAt, 'Email Delivered', { subject }, 'mail')
  const cares = Math.min(
    0.75,
    0.1 +
      0.4 * Math.min(1, life.interest) +
      0.12 * Math.max(0, life.trust) +
      0.25 * life.person.nature.need,
  )
  if (!random.chance(cares)) {
    const leaves = random.chance(life.trust < -0.5 ? 0.05 : 0.006)
    if (leaves) {
      diary.track(sentAt + 3_600_000, 'Unsubscribed', { subject }, 'mail')
      life.isSubscribedToLetter = false
    }
    return
  }
  const openedAt = sentAt + random.exponential(0.35 * day)
  diary.track(openedAt, 'Email Opened', { subject }, 'mail')
  if (random.chance(0.24 + 0.2 * life.person.nature.need)) {
    diary.track(openedAt + minute, 'Email Link Clicked', { subject }, 'mail')
    read(life, openedAt + 2 * minute)
    life.interest = Math.min(1.5, life.interest + 0.25)
  }
}
