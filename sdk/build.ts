/** `node sdk/build.ts <folder>`: the snippet for a script element, and the module for bundlers. */
import { build } from 'vite'

const [, , outDir = `${import.meta.dirname}/dist`] = process.argv

async function bundle(entry: string, format: 'iife' | 'es', file: string): Promise<void> {
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'warn',
    build: {
      // The snippet gives nothing back; the name is asked for all the same.
      lib: { entry, formats: [format], fileName: () => file, name: 'rapportSnippet' },
      outDir,
      emptyOutDir: false,
      target: 'es2020',
      minify: true,
    },
  })
}

await bundle('src/snippet.ts', 'iife', 'rapport.js')
await bundle('src/rapport.ts', 'es', 'rapport.mjs')
