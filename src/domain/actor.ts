/** Who asks: a person who signed in, or a program with an API key. */
export interface Actor {
  readonly kind: 'user' | 'key'
  readonly id: string
  /** What the app shows, and what decisions are recorded under. */
  readonly name: string
}
