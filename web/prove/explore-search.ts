/** A question in the address: SQL as it is while short, compressed where it is long. */

export interface ExploreSearch {
  readonly sql?: string | undefined
  /** Deflated, in base64url. */
  readonly z?: string | undefined
  /** How the answer is shown. */
  readonly show?: string | undefined
}

/** Addresses longer than this are cut by some mail programs. */
const longestPlain = 600

export function parseExploreSearch(raw: Record<string, unknown>): ExploreSearch {
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined
  return { sql: text(raw['sql']), z: text(raw['z']), show: text(raw['show']) }
}

export async function searchOf(sql: string): Promise<Pick<ExploreSearch, 'sql' | 'z'>> {
  if (sql.length <= longestPlain) return { sql, z: undefined }
  const bytes = await through(new TextEncoder().encode(sql), new CompressionStream('deflate-raw'))
  const text = btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''))
  const z = text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  return { sql: undefined, z }
}

/** Null where there is no question, or none that can be read. */
export async function sqlOf({ sql, z }: ExploreSearch): Promise<string | null> {
  if (sql !== undefined) return sql
  if (z === undefined) return null
  try {
    const text = atob(z.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0)
    return new TextDecoder().decode(await through(bytes, new DecompressionStream('deflate-raw')))
  } catch {
    return null
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const answer = new Response(new Blob([bytes]).stream().pipeThrough(stream))
  return new Uint8Array(await answer.arrayBuffer())
}
