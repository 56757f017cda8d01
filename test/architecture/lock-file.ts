import type { Verdict } from './sources.ts'

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/**
 * Every optional dependency (the binaries of other kinds of machines) stands in the lock file; without
 * one `npm ci` refuses to work. npm leaves out what a registry could not deliver when it was written.
 */
export function checkLockFile(text: string): Verdict {
  const { packages } = JSON.parse(text) as { packages: Record<string, LockedPackage> }
  const stands = (from: string, name: string): boolean => {
    const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`
    if (path in packages) return true
    if (from === '') return false
    return stands(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
  }
  let looked = 0
  const faults: string[] = []
  for (const [from, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) {
      looked += 1
      if (!stands(from, name))
        faults.push(`package-lock.json lacks ${name}, which ${from} may want`)
    }
  }
  return { looked, faults }
}
