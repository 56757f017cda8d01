import crawlers from 'crawler-user-agents' with { type: 'json' }
import { expect, test } from 'vitest'
import { isBot } from './bot.ts'

const crawlerStrings = [...new Set(crawlers.flatMap(({ instances }) => instances))]
/** In that list, but apps that people read in, and editors with a built-in browser. */
const peoplesApps = /Instagram|MetaIAB|Code\/|Trae\/|Fluid|Snapchat|AppleNews|YahooMobileMail/

test('99 % and more of the crawlers are recognised', () => {
  expect(crawlerStrings.length).toBeGreaterThan(2_000)
  const missed = crawlerStrings.filter((agent) => !isBot(agent, 'page_viewed'))
  expect(missed.length / crawlerStrings.length).toBeLessThan(0.01)
  expect(missed.filter((agent) => !peoplesApps.test(agent))).toEqual([])
})

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)'
const pixel = 'Mozilla/5.0 (Linux; Android 10; K)'
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const ios = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'

test.each([
  `${windows} ${webkit} Chrome/142.0.0.0 Safari/537.36`,
  `${windows} ${webkit} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`,
  `${windows} ${webkit} Chrome/138.0.0.0 Safari/537.36 OPR/124.0.0.0`,
  `${windows} ${webkit} Chrome/142.0.0.0 Safari/537.36 Vivaldi/7.5`,
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  `Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/126.0 Safari/537.36`,
  `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/142.0.0.0 Safari/537.36`,
  `${mac} ${ios} Version/18.6 Safari/605.1.15`,
  `${mac} ${webkit} Chrome/142.0.0.0 Safari/537.36`,
  `${iphone} ${ios} Version/18.6 Mobile/15E148 Safari/604.1`,
  `${iphone} ${ios} CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1`,
  `${iphone} ${ios} FxiOS/145.0 Mobile/15E148 Safari/605.1.15`,
  `${iphone} ${ios} Mobile/15E148 [FBAN/FBIOS;FBAV/530.0.0.35.107;FBBV/1]`,
  `${iphone} ${ios} Mobile/15E148 Instagram 400.0.0.20.80 (iPhone15,2; iOS 18_6)`,
  `${iphone} ${ios} Mobile/15E148 LinkedInApp/9.30`,
  `Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) ${ios} Version/17.7 Mobile/15E148 Safari/604.1`,
  `${pixel} ${webkit} Chrome/142.0.0.0 Mobile Safari/537.36`,
  `${pixel} ${webkit} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
  `${pixel} ${webkit} Chrome/142.0.0.0 Mobile DuckDuckGo/5 Safari/537.36`,
  'Mozilla/5.0 (Android 14; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0',
  `Mozilla/5.0 (Linux; U; Android 13; de-de; M2101) ${webkit} Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.4`,
  `Mozilla/5.0 (Linux; U; Android 12; en-US) ${webkit} Version/4.0 Chrome/100.0 UCBrowser/13.4.0 Mobile Safari/537.36`,
  `Mozilla/5.0 (Linux; Android 12; HarmonyOS) ${webkit} Chrome/114.0 HuaweiBrowser/15.0 Mobile Safari/537.36`,
  `Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) ${webkit} 94.0/7.0 TV Safari/537.36`,
  'Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko',
  'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.0; Trident/4.0; chromeframe; SLCC1)',
  'Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18',
  '',
])('a person: %s', (agent) => expect(isBot(agent, 'page_viewed')).toBe(false))

test.each([
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
  'Mozilla/5.0',
])('opens e-mails for others: %s', (agent) => {
  expect(isBot(agent, 'email_opened')).toBe(true)
})

test('a long user agent costs no more than a short one', () => {
  expect(isBot(`Googlebot ${'x'.repeat(1_000_000)}`, 'page_viewed')).toBe(true)
})
