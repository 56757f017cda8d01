/** What became of an attempt to hand something over. */
export type Sent =
  /** The other side has it. `note` says what it did not take, for example one recipient of three. */
  | { readonly kind: 'accepted'; readonly note: string | null }
  /** It did not take it now, and may later. `after` is when it asked to be tried again (milliseconds). */
  | { readonly kind: 'later'; readonly error: string; readonly after: number | null }
  /** It will not take it, now or later. `gone`: nor anything else. */
  | { readonly kind: 'refused'; readonly error: string; readonly gone: boolean }
  /** It went away after it had all of it, before it said whether it took it. */
  | { readonly kind: 'unclear'; readonly error: string }
