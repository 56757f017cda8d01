import { isbot } from 'isbot'
import type { TouchpointKind } from '../../domain/touchpoint-kind.ts'
import { memoise } from './memoise.ts'

/** Crawlers and testers that isbot 5.2 takes for browsers (from crawler-user-agents 1.60). */
const moreCrawlers = /GTmetrix|\bYLT\b|Miniature\.io|TSM-turingos/

/** Programs of people that isbot takes for robots: readers inside apps, old phones, a plug-in. */
const people =
  /chromeframe|AppleNews\/|Snapchat\/|YahooMobileMail\/|Opera Mobi\/|^\[FBAN\/|^Mozilla\/5\.0\+\(iP/

/**
 * Mail programs' servers that load every picture for their readers: an opening that they cause says
 * nothing about a reader. Apple's Mail Privacy Protection names itself just `Mozilla/5.0`.
 */
const prefetchers =
  /GoogleImageProxy|ggpht\.com|YahooMailProxy|YahooCacheSystem|Outlook-iOS-Prefetch|ImageProxy|^Mozilla\/5\.0$/i

const isCrawler = memoise(
  (userAgent) => moreCrawlers.test(userAgent) || (isbot(userAgent) && !people.test(userAgent)),
  5_000,
)

const isPrefetcher = memoise((userAgent) => prefetchers.test(userAgent), 1_000)

/** User agents are cut for this look: no honest one is longer, and a stranger's costs no more. */
const userAgentLimit = 512

/** Whether a robot caused the touchpoint. An empty user agent says nothing. */
export function isBot(userAgent: string, kind: TouchpointKind): boolean {
  const name = userAgent.slice(0, userAgentLimit).trim()
  if (name === '') return false
  if (kind === 'email_opened' || kind === 'message_opened') {
    if (isPrefetcher(name)) return true
  }
  return isCrawler(name)
}
