/** `npm run build`: builds the web app and the browser snippet; with `--if-stale` what has changed. */
import { buildWeb, buildWebIfStale } from '../src/cli/build-web.ts'

if (process.argv.includes('--if-stale')) await buildWebIfStale((sentence) => console.log(sentence))
else await buildWeb()
