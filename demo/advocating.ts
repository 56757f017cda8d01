/** Reviews, recommendations, answers, references, stories: from those whose trust is high enough. */
import { day, moment, running } from './life.ts'
import { ideaText, questionText, reviewText, socialText, storyText } from './texts.ts'
import { moodOf } from './caring.ts'
import type { Life } from './life.ts'

export function speakUp(life: Life, from: number): void {
  review(life, from)
  if (life.diary.isKnown && life.trust > 0.15) {
    recommend(life, from)
    help(life, from)
    standUp(life, from)
  }
  if (life.person.persona === 'plant_voice' && life.diary.isKnown) tellFollowers(life, from)
}

function review(life: Life, from: number): void {
  const { random, diary, person } = life
  if (life.hasReviewed || life.weeksOfUse < 6) return
  const isHurt = life.affectedAt !== null && life.trust < -0.5
  if (!random.chance(isHurt ? 0.04 : 0.004 + 0.018 * person.nature.voice)) return
  life.hasReviewed = true
  const mood = moodOf(life)
  const rating =
    { glad: 5, calm: 4, cross: 1 }[mood] - (random.chance(0.3) && mood !== 'cross' ? 1 : 0)
  const site = random.choice(['Capterra', 'G2', 'Trustpilot'])
  diary.track(
    moment(life, from),
    'Review Submitted',
    { rating, scale: 5, text: reviewText(random, mood), site },
    'server',
  )
}

/** The planted truth of the network: trust times voice brings people. */
function recommend(life: Life, from: number): void {
  const { random, diary, person, newcomer } = life
  const rate = 0.075 * person.nature.voice * Math.min(2, life.trust) * (life.usesSince ? 1 : 0.35)
  if (!random.chance(rate) || !life.isLead) return
  const at = moment(life, from)
  const via = random.choice(['link', 'email', 'at the wholesale market'])
  diary.track(at, 'Referral Made', { code: `hollow-${newcomer.people[0]?.id ?? person.id}`, via })
  life.referralsAt.push(at)
}

function help(life: Life, from: number): void {
  const { random, diary, person } = life
  if (life.weeksOfUse < 4) return
  if (random.chance(0.01))
    diary.track(moment(life, from), 'Question Asked', { text: questionText(random) })
  if (random.chance(0.06 * person.nature.voice * Math.min(1.5, life.trust))) {
    const at = moment(life, from)
    diary.track(at, 'Answer Posted', {
      topic: random.choice(['labels', 'winter', 'watering', 'stock']),
    })
    if (random.chance(0.5))
      diary.track(at + 0.7 * day, 'Solution Accepted', { helped: 1 }, 'server')
  }
  if (random.chance(0.004))
    diary.track(moment(life, from), 'Idea Submitted', { text: ideaText(random) })
}

function standUp(life: Life, from: number): void {
  const { random, diary, person } = life
  if (life.weeksOfUse < 12 || life.trust < 0.6 || !running(life, from)) return
  const rate = 0.02 * person.nature.voice * life.trust
  if (random.chance(rate)) {
    diary.track(
      moment(life, from),
      'Reference Given',
      { deal_value: 948 * (1 + random.integer(4)), industry: person.industry },
      'server',
    )
  }
  if (random.chance(0.6 * rate)) {
    diary.track(
      moment(life, from),
      'Story Published',
      { text: storyText(random), consent: true },
      'server',
    )
    diary.track(moment(life, from), 'Perk Received', { perk: 'a tray of rare ferns' }, 'server')
  }
  if (random.chance(0.4 * rate))
    diary.track(moment(life, from), 'Beta Joined', { feature: 'Season Plan 2' })
}

/** Advocates need not be customers: some of those who teach and write speak of us to many. */
function tellFollowers(life: Life, from: number): void {
  const { random, diary, person, newcomer } = life
  const likes = life.understanding * person.nature.voice
  if (random.chance(0.05 * likes)) {
    diary.track(moment(life, from), 'Content Shared', {
      title: 'The Living Stock',
      on: 'own channel',
      reach: person.followers,
    })
    life.trust += 0.1
  }
  if (random.chance(0.008 * likes)) {
    diary.track(
      moment(life, from),
      'Brand Mentioned',
      { text: socialText(random, true), on: 'instagram', reach: person.followers },
      'server',
    )
  }
  if (random.chance(0.06 * likes)) {
    const at = moment(life, from)
    diary.track(at, 'Referral Made', {
      code: `hollow-${newcomer.people[0]?.id ?? person.id}`,
      via: 'own channel',
    })
    life.referralsAt.push(at)
  }
}
