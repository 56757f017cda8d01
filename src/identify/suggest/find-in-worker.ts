/** The worker's side of `run-finder.ts`. */
import { parentPort } from 'node:worker_threads'
import { DuplicateFinder } from './find-duplicates.ts'
import type { PersonCells } from './read-people.ts'

const finder = new DuplicateFinder()
parentPort?.on('message', (people: readonly PersonCells[] | null) => {
  if (people === null) parentPort?.postMessage({ result: finder.find() })
  else {
    finder.add(people)
    parentPort?.postMessage({ taken: people.length })
  }
})
