/** The product in use: a few features a week, more in season, less when trust is gone. */
import { day, moment, running, week } from './life.ts'
import { features, season } from './company.ts'
import type { Life } from './life.ts'

/** A tablet at the till of a garden shop that many people sign in on, one after the other. */
export const kioskBrowser = 'till-tablet-potting-table'

export function useProduct(life: Life, from: number): void {
  const { random, diary, contract, person } = life
  const subscription = running(life, from)
  const isTrying = contract.trialUntil !== null && from < contract.trialUntil
  if (life.usesSince === null || (!subscription && !isTrying)) return
  const drive =
    (0.55 + 0.5 * person.nature.need) * season(from) * Math.exp(0.3 * Math.min(0.5, life.trust))
  const uses = Math.min(9, random.poisson(2.6 * drive * life.energy))
  const begin = Math.max(from, life.usesSince)
  for (let i = 0; i < uses; i++) {
    const at = moment(life, begin, week - day)
    const plan = running(life, at)?.plan ?? 'trial'
    if (i === 0 && random.chance(0.3)) diary.track(at - 30_000, 'Signed In', {}, 'app')
    diary.track(at, 'Feature Used', { feature: random.choice(features), plan }, 'app')
  }
  if (uses > 0) life.weeksOfUse++
  if (random.chance(0.03 * (1.2 - life.understanding))) {
    const path = `/docs/${random.choice(features).toLowerCase().replaceAll(' ', '-')}`
    diary.page(moment(life, begin, week - day), path, { title: 'Handbook' })
  }
  if (person.industry === 'garden shop' && random.chance(0.06)) {
    diary.useSharedBrowser(kioskBrowser, moment(life, begin, week - day))
  }
}
