/** Trial, onboarding, subscription, renewal, leaving; and the label shop. */
import { day, moment, running, week } from './life.ts'
import { labelItem } from './texts.ts'
import { onboardingSteps, plans, season } from './company.ts'
import { subscribe, traitsOf } from './visiting.ts'
import type { Life, Subscription } from './life.ts'
import type { PlanId } from './company.ts'

const month = 30.4375 * day
const minute = 60_000

/** The lead of a firm (or the single person) decides; colleagues join in. */
export function buyOrLeave(life: Life, from: number): void {
  if (life.isLead) {
    const { contract } = life
    if (!running(life, from) && contract.trialUntil === null) considerTrial(life, from)
    else if (contract.trialUntil !== null && contract.trialUntil <= from + week)
      decide(life, contract.trialUntil)
    else if (contract.subscription) renewOrLeave(life, contract.subscription, from)
  } else joinColleagues(life, from)
  orderLabels(life, from)
}

/** The planted truth: a trial follows from need times understanding, hardly from visits. */
function considerTrial(life: Life, from: number): void {
  const { random, diary, person, contract } = life
  const again = contract.trials === 0 ? 1 : 0.08
  const willing = Math.max(0, 1 + 0.25 * life.trust) * season(from) * again
  const hazard = 0.6 * person.nature.need ** 1.5 * (0.02 + life.understanding ** 1.5) * willing
  if (life.interest < 0.02 || !random.chance(Math.min(0.5, hazard))) return
  const at = moment(life, from, week - day)
  if (!diary.isKnown) diary.identify(at, traitsOf(life))
  diary.track(at, 'Signed Up', { plan: 'trial' })
  if (person.account) {
    const { name, industry, employees } = person.account
    diary.group(at + minute, { name, industry, employees, plan: 'trial' })
    diary.track(at + 2 * minute, 'Account Created', { account_name: name }, 'server')
  }
  diary.track(at + 3 * minute, 'Trial Started', { trial_days: 14 }, 'server')
  if (!life.isSubscribedToLetter && random.chance(0.7)) subscribe(life, at + 4 * minute)
  contract.trialFrom = at
  contract.trialUntil = at + 14 * day
  contract.trials++
  life.usesSince = at
  life.interest = Math.max(life.interest, 0.8)
  onboard(life, at)
}

function onboard(life: Life, at: number): void {
  const { random, diary } = life
  const carry = 0.72 + 0.25 * life.understanding
  let done = 0
  for (const step of onboardingSteps) {
    if (!random.chance(carry)) break
    done++
    diary.track(at + done * random.between(0.5, 2.5) * day, 'Onboarding Step Completed', { step })
  }
  if (done === onboardingSteps.length) {
    diary.track(at + 11 * day, 'Onboarding Completed', { days: 11 }, 'server')
    life.trust += 0.5
    life.understanding = Math.min(1, life.understanding + 0.15)
  }
}

/** At the end of a trial. */
function decide(life: Life, at: number): void {
  const { random, diary, person, contract } = life
  contract.trialUntil = null
  const wish = 2.6 * person.nature.need + 1.4 * life.understanding + 0.6 * life.trust - 1.75
  if (!random.chance(1 / (1 + Math.exp(-1.8 * wish)))) {
    diary.track(at, 'Trial Ended', { converted: false }, 'server')
    contract.trialFrom = null
    life.usesSince = null
    life.interest *= 0.5
    return
  }
  const plan = planFor(life)
  const { price } = plans[plan]
  contract.subscription = { plan, from: at, until: null, price }
  diary.track(at, 'Trial Ended', { converted: true }, 'server')
  diary.track(
    at + minute,
    'Subscription Started',
    { plan, revenue: price, currency: 'EUR' },
    'server',
  )
  if (person.account) {
    const { name, industry, employees } = person.account
    diary.group(at + 2 * minute, { name, industry, employees, plan })
  }
  diary.identify(at + 3 * minute, { ...traitsOf(life), relationship: 'customer' })
}

function planFor({ person, random }: Life): PlanId {
  if (!person.account) return 'seed'
  return person.account.employees > 9 || random.chance(0.12) ? 'grove' : 'bloom'
}

function renewOrLeave(life: Life, subscription: Subscription, from: number): void {
  const { random, diary, contract, person } = life
  const renewals = Math.floor((from - subscription.from) / month)
  const at = subscription.from + (renewals + 1) * month
  if (at >= from + week) return
  // Those who look around first say so in the log; the less trust, the likelier.
  const strain = Math.exp(-1.3 * life.trust)
  const looks = random.chance(Math.min(0.4, 0.035 * strain))
  if (looks) {
    diary.track(at - 3 * day, 'Comparison Viewed', {
      with: random.choice(['RootTrack', 'PotPlanner']),
    })
    diary.page(at - 3 * day + minute, '/pricing', { title: 'Prices' })
  }
  const risk =
    (0.03 / (0.35 + life.energy)) * 1.3 * strain * (looks ? 4 : 1) * (1.5 - person.nature.need)
  if (!random.chance(Math.min(0.6, risk))) {
    diary.track(
      at,
      'Subscription Renewed',
      { plan: subscription.plan, revenue: subscription.price, currency: 'EUR' },
      'server',
    )
    return
  }
  const reason =
    life.trust < -0.3
      ? 'lost trust'
      : random.choice(['price', 'closing down', 'missing feature', 'too little use'])
  diary.track(at, 'Subscription Cancelled', { plan: subscription.plan, reason }, 'server')
  subscription.until = at
  contract.ended = subscription
  contract.subscription = null
  contract.trialFrom = null
  life.usesSince = null
  life.interest *= 0.2
}

/** Colleagues are invited soon after the firm began, most of them once it pays. */
function joinColleagues(life: Life, from: number): void {
  const { random, diary, person, contract } = life
  const subscription = running(life, from)
  const isTrying = contract.trialFrom !== null && from >= contract.trialFrom
  if (life.usesSince !== null) {
    if (!subscription && (contract.ended?.until ?? Infinity) <= from) life.usesSince = null
    return
  }
  if (!subscription && !isTrying) return
  if (!random.chance(subscription ? 0.2 : 0.1)) return
  const at = moment(life, from, week - day)
  if (running(life, at) === null && !isTrying) return
  diary.identify(at, traitsOf(life))
  if (person.account) diary.group(at + 2 * minute, { name: person.account.name })
  diary.track(at + minute, 'Signed Up', { invited: true })
  diary.track(at + 3 * minute, 'Account Added User', { role: person.role }, 'server')
  life.usesSince = at
  onboard(life, at)
  if (random.chance(0.25)) subscribe(life, at + 5 * minute)
}

/** Labels are bought again and again, by customers and by designers without a subscription. */
function orderLabels(life: Life, from: number): void {
  const { random, diary, person } = life
  if (!diary.isKnown || !life.isLead) return
  const base = running(life, from) ? 0.035 : 0.012 * person.nature.need * (1 + life.trust)
  if (!random.chance(Math.max(0, base) * season(from))) return
  const item = labelItem(random)
  const quantity = 1 + random.poisson(person.account ? 2 : 0.4)
  const total = Math.round(item.price * quantity * 100) / 100
  let at = moment(life, from, week - day)
  diary.track(at, 'Product Viewed', {
    product_id: item.sku,
    name: item.name,
    price: item.price,
    currency: 'EUR',
  })
  if (random.chance(0.06))
    diary.track((at += minute), 'Products Compared', { with: 'labels elsewhere' })
  diary.track((at += minute), 'Product Added', { product_id: item.sku, quantity })
  if (random.chance(0.18)) return
  const orderId = `L-${person.id}-${Math.floor(at / 1000).toString(36)}`
  diary.track((at += 2 * minute), 'Order Completed', {
    order_id: orderId,
    total,
    revenue: total,
    currency: 'EUR',
    products: [{ product_id: item.sku, name: item.name, price: item.price, quantity }],
  })
  if (random.chance(0.03)) {
    diary.track(
      at + 6 * day,
      'Order Refunded',
      { order_id: orderId, total, revenue: total, currency: 'EUR' },
      'server',
    )
    life.trust -= 0.2
  } else life.trust += 0.05
}
