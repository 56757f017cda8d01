/** Finds a Chromium for the browser tests, or installs one in the way this machine allows. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { findChromium } from '../src/app/find-chromium.ts'

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0
}

/** On Debian and its kin, as root: the system's own package. */
function installWithApt(): boolean {
  if (process.getuid?.() !== 0) return false
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return false
  console.log('Chromium is not installed. Installing the package of this system.')
  const install = ['install', '-y', '--no-install-recommends', 'chromium']
  return run('apt-get', ['update', '-qq']) && run('apt-get', install)
}

function installWithPlaywright(): boolean {
  console.log('Chromium is not installed. Letting Playwright download one.')
  const manifest = createRequire(import.meta.url).resolve('playwright-core/package.json')
  return run(process.execPath, [join(dirname(manifest), 'cli.js'), 'install', 'chromium'])
}

if ((await findChromium()) === null) {
  const installed = installWithApt() || installWithPlaywright()
  if (!installed || (await findChromium()) === null) {
    console.error(
      'The browser tests need Chromium or Chrome. Install one so that `chromium` or `google-chrome` is on the PATH, then run the tests again.',
    )
    process.exit(1)
  }
}
