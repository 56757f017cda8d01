/** What a command says: sentences for a person, or with `--json` one JSON document a line. */
export interface Output {
  readonly json: boolean
  /** A result. `data` is what a program gets in place of the sentence. */
  say(sentence: string, data: Readonly<Record<string, unknown>>): void
  /** Something to know on the way: to standard error, so that results can be piped. */
  note(sentence: string): void
}

interface Writer {
  write(text: string): unknown
}

export interface OutputOptions {
  readonly json: boolean
  readonly out?: Writer
  readonly err?: Writer
}

export function createOutput({
  json,
  out = process.stdout,
  err = process.stderr,
}: OutputOptions): Output {
  return {
    json,
    say(sentence, data) {
      out.write(json ? `${JSON.stringify(data)}\n` : `${sentence}\n`)
    },
    note(sentence) {
      err.write(json ? `${JSON.stringify({ note: sentence })}\n` : `${sentence}\n`)
    },
  }
}
