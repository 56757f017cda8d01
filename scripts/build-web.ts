/** `npm run build`: builds the web app into dist/web; with `--if-stale` only where it changed. */
import { buildWebApp, buildWebAppIfStale } from '../src/cli/build-web.ts'

if (process.argv.includes('--if-stale'))
  await buildWebAppIfStale((sentence) => console.log(sentence))
else await buildWebApp()
