/**
 * The one error catalogue: every error that a user, a client or an operator can meet has a stable
 * code here, an HTTP status and a sentence that says what to do. Thrown as `RapportError`, sent as
 * RFC 9457 problem details, listed in docs/errors.md (a test holds the two equal).
 */
export const errorCatalogue = {
  invalid_json: [400, 'The body is not valid JSON. Send one JSON document in UTF-8.'],
  invalid_encoding: [400, 'The body is not valid UTF-8, or its compression is broken.'],
  invalid_request: [400, 'The request does not fit the documented shape.'],
  nested_too_deep: [400, 'The JSON is nested deeper than 64 levels.'],
  event_too_large: [413, 'An event may have 32 KB at most. Send less, or send a reference.'],
  batch_too_large: [413, 'A batch may have 500 KB and 2,500 events at most. Split it.'],
  unauthorized: [
    401,
    'The key is missing or unknown. Use a key from the Sources or Settings page.',
  ],
  forbidden: [403, 'This key or user may not do that.'],
  foreign_origin: [
    403,
    'A change must come from the app itself, or carry an API key as Bearer token.',
  ],
  sign_in_failed: [401, 'The e-mail address or the password is not right.'],
  link_expired: [410, 'This link was used or has expired. Start Rapport again to get a new one.'],
  not_found: [404, 'There is nothing at this address.'],
  conflict: [409, 'The request contradicts the present state. Read it again and repeat.'],
  invalid_cursor: [400, 'The cursor is not one of ours. Start from the first page.'],
  invalid_model: [422, 'The model has errors. Each is listed with its line.'],
  invalid_mapping: [422, 'The import mapping has errors. Each is listed.'],
  invalid_segment: [422, 'The segment has errors. Each is listed with its place and what to do.'],
  invalid_csv: [422, 'The file cannot be read as CSV or NDJSON with this mapping.'],
  invalid_analysis: [422, 'This cannot be analysed. The detail says why.'],
  invalid_query: [422, 'The query cannot be run. The detail says why.'],
  file_too_large: [413, 'The file is larger than an upload may be. Import it on the command line.'],
  too_many_requests: [429, 'Too many requests. Wait as long as Retry-After says.'],
  overloaded: [503, 'The server is busy. Wait as long as Retry-After says, then send again.'],
  store_unavailable: [503, 'The store cannot be reached. Nothing was lost; send again later.'],
  disk_full: [
    503,
    'The disk is nearly full, so nothing is accepted. Free space; it goes on by itself.',
  ],
  lens_filling: [503, 'History is being made ready for analysis. Ask again in a moment.'],
  query_too_expensive: [
    422,
    'The question needs too much time or memory. Choose a shorter period or fewer people.',
  ],
  pictures_unavailable: [
    503,
    'Pictures are drawn by Chromium, which is not on the server. Install it, or take the tables.',
  ],
  internal: [500, 'Something went wrong on our side. The log names it.'],
  missing_event_name: [400, 'A track call needs a non-empty "event".'],
  missing_identity: [400, 'An event needs a userId or an anonymousId that is not a blocked value.'],
  unknown_event_type: [400, 'The type must be track, identify, page, screen, group or alias.'],
  invalid_event: [400, 'An event must be a JSON object with fields of the documented types.'],
  invalid_timestamp: [400, 'The timestamp lies before 1990 or more than 24 hours in the future.'],
  invalid_group: [400, 'A group call needs a groupId.'],
  invalid_alias: [400, 'An alias call needs a userId and a previousId.'],
  startup_failed: [500, 'Rapport could not start. The detail says what to do.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

export type ErrorCode = keyof typeof errorCatalogue

/** An error with a stable code. `detail` says what exactly was wrong with this request. */
export class RapportError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | undefined
  /** Further fields of the problem document, for example `errors: [{ line, message }]`. */
  readonly extra: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    detail?: string,
    extra: Record<string, unknown> = {},
    cause?: unknown,
  ) {
    const [status, message] = errorCatalogue[code]
    super(detail ? `${message} ${detail}` : message, cause === undefined ? undefined : { cause })
    this.name = 'RapportError'
    this.code = code
    this.status = status
    this.detail = detail
    this.extra = extra
  }
}

/** Problem details as RFC 9457 defines them, with our stable `code` as extension member. */
export function toProblem(error: RapportError): Record<string, unknown> {
  return {
    type: `https://rapport.dev/errors/${error.code}`,
    title: errorCatalogue[error.code][1],
    status: error.status,
    code: error.code,
    ...(error.detail ? { detail: error.detail } : {}),
    ...error.extra,
  }
}
