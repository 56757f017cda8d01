/** Questions that were kept, in this browser; a link is how they are given to others. */
import { useState } from 'react'

export interface SavedQuestion {
  readonly name: string
  readonly sql: string
}

const key = 'rapport.questions'
const most = 100

export function useSavedQuestions(): {
  saved: readonly SavedQuestion[]
  keep: (question: SavedQuestion) => void
  forget: (name: string) => void
} {
  const [saved, setSaved] = useState(readSaved)
  const store = (next: readonly SavedQuestion[]): void => {
    setSaved(next)
    localStorage.setItem(key, JSON.stringify(next))
  }
  return {
    saved,
    keep: (question) =>
      store([question, ...saved.filter(({ name }) => name !== question.name)].slice(0, most)),
    forget: (name) => store(saved.filter((question) => question.name !== name)),
  }
}

function readSaved(): readonly SavedQuestion[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isQuestion) : []
  } catch {
    return []
  }
}

function isQuestion(value: unknown): value is SavedQuestion {
  if (typeof value !== 'object' || value === null) return false
  return typeof Reflect.get(value, 'name') === 'string' && typeof Reflect.get(value, 'sql') === 'string'
} // prettier-ignore
