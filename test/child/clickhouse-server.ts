/**
 * A ClickHouse server for tests: its real engine (chDB) behind as much of its HTTP interface as the official
 * client uses. `<folder>`; prints the port.
 */
import { createServer, type IncomingMessage } from 'node:http'
import { Session } from 'chdb'

const [folder = ''] = process.argv.slice(2)
const session = new Session(folder)
/** What the client sends beside settings and parameters. */
const notSettings = new Set([
  'query',
  'query_id',
  'database',
  'session_id',
  'role',
  'default_format',
])
const httpOnly = new Set(['wait_end_of_query', 'send_progress_in_http_headers', 'http_headers_progress_interval_ms', 'cancel_http_readonly_queries_on_client_close']) // prettier-ignore
const usual: Record<string, string> = { max_execution_time: '0', max_memory_usage: '0', insert_deduplication_token: '', readonly: '0' } // prettier-ignore
const literal = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`

let turn: Promise<unknown> = Promise.resolve()

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const server = createServer((request, response) => {
  void (async () => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/ping') return response.end('Ok.\n')
    const body = await bodyOf(request)
    const asked = url.searchParams.get('query')
    // A server takes an insert of nothing; chDB, to which rows come behind the statement, does not.
    if (asked !== null && body.trim() === '') return response.end()
    const sets = { ...usual }
    for (const [name, value] of url.searchParams) {
      if (!notSettings.has(name) && !httpOnly.has(name)) sets[name] = value
    }
    const set = Object.entries(sets).map(([name, value]) => `set ${name} = ${literal(value)};`)
    const sql = `${set.join(' ')} ${asked === null ? body : `${asked}\n${body}`}`
    const answer = turn.then(() => session.queryAsync(sql, { format: 'TabSeparated' }))
    turn = answer.catch(() => {})
    try {
      const result = await answer
      response.setHeader('x-clickhouse-summary', '{}')
      response.end(Buffer.from(result.bytes()))
    } catch (error) {
      const text = String((error as Error).message)
      const code = /Code: (\d+)/.exec(text)?.[1] ?? '1'
      response.writeHead(500, { 'x-clickhouse-exception-code': code })
      response.end(`${text.includes('Code:') ? text : `Code: ${code}. DB::Exception: ${text}`}\n`)
    }
    return response
  })()
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
