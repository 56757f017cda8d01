/**
 * What `rapport.js` does on a page: takes over the calls that were made while it was on its way (see
 * the loader in README.md), and starts by itself where its script element names a write key.
 */
import { rapport, type Rapport, type RapportOptions } from './rapport.ts'

type Call = [method: keyof Rapport, ...given: unknown[]]

const page = window as unknown as { rapport?: Call[] | Rapport }
const script = document.currentScript as HTMLScriptElement | null
const { writeKey, consent, autoPage, cookieDomain } = script?.dataset ?? {}

const calls = page.rapport
// A second element with the same script must not begin anew.
if (!calls || Array.isArray(calls)) {
  page.rapport = rapport
  if (writeKey && script) {
    rapport.load({
      ...{ host: script.src.replace(/\/rapport\.js.*/, ''), writeKey, cookieDomain },
      consent: consent as RapportOptions['consent'],
      autoPage: autoPage !== 'false',
    })
  }
  const run = ([method, ...given]: Call): void =>
    void (rapport[method] as (...given: unknown[]) => unknown)(...given)
  if (calls) {
    for (const call of calls) run(call)
    // Whoever kept hold of the loader's object goes on with it.
    calls.push = (...more) => (more.forEach(run), 0)
  }
}
