import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const macPath = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

/** Path of a Chromium or Chrome that pictures of reports are taken with and tests drive, or null. */
export async function findChromium(): Promise<string | null> {
  for (const name of names) {
    const path = pathOf(name)
    if (path !== null) return path
  }
  if (existsSync(macPath)) return macPath
  return playwrightsOwn()
}

function pathOf(name: string): string | null {
  try {
    const found = execFileSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' })
    return found.trim() || null
  } catch {
    return null
  }
}

/** Where `playwright install chromium` puts one. */
async function playwrightsOwn(): Promise<string | null> {
  try {
    const { chromium } = await import('playwright-core')
    const path = chromium.executablePath()
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}
