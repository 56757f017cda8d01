/** Robots that read the site: kept and shown by the system, and never counted. */
import { company } from './company.ts'
import { pieceOf, seriesList } from './content.ts'
import { robots } from './devices.ts'
import type { Calendar } from './company.ts'
import type { Entry } from './diary.ts'
import type { Random } from '../src/math/random.ts'
import type { SeriesId } from './content.ts'

const day = 86_400_000

export function robotVisits(random: Random, calendar: Calendar, seed: string): Entry[] {
  const entries: Entry[] = []
  robots.forEach((userAgent, robot) => {
    const anonymousId = `robot-${robot}`
    for (
      let at = calendar.start + random.exponential(day);
      at < calendar.now;
      at += random.exponential(2.2 * day)
    ) {
      const series = random.choice(Object.keys(seriesList) as SeriesId[])
      const path = random.chance(0.4) ? '/' : pieceOf(series, random.integer(12)).path
      const time = Math.round(at)
      entries.push({
        at: time,
        event: {
          type: 'page',
          messageId: `demo-${seed}-robot-${robot}-${entries.length}`,
          timestamp: new Date(time).toISOString(),
          anonymousId,
          name: path,
          properties: { path },
          context: { userAgent, page: { path, url: `${company.site}${path}`, referrer: '' } },
        },
      })
    }
  })
  return entries
}
