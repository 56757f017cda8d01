#!/usr/bin/env node
// Starts the command line. Its source is TypeScript, which Node runs by itself from 22.18 on; where
// this Node is older, the one that `npm ci` brought along (the npm package "node") takes over.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const entry = new URL('../src/cli/rapport.ts', import.meta.url)
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const runsTypeScript = major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)

if (runsTypeScript) {
  await import(entry.href)
} else {
  const child = spawn(pinnedNode(), [fileURLToPath(entry), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  // Ctrl+C reaches the child by itself; this process only has to outlive it.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
  })
}

function pinnedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json')
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    console.error(
      `Rapport needs Node 22.18 or later; this is ${process.versions.node}. Run "npm ci" once in its folder, which brings one.`,
    )
    process.exit(1)
  }
}
