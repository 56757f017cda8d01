import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { stringify } from 'csv-stringify/sync'
import { describe, expect, test } from 'vitest'
import { compileMapping } from '../map/compile-mapping.ts'
import { parseMapping } from '../parse-mapping.ts'
import { addRow, emptyChunk } from '../row-chunk.ts'
import { rowsOf, temporaryFile } from '../testing.ts'
import { previewFile, type FilePreview } from './preview-file.ts'

const now = Date.parse('2026-11-23T12:00:00.000Z')

function preview(content: string | Uint8Array, fileName = 'Orders 2026.csv'): FilePreview {
  return previewFile(Buffer.from(content), { fileName, now })
}

const shop = `Order No;Kunden-Nr;E-Mail;Datum;Betrag;Währung;Artikel
1001;K7;zoë@example.com;3.11.2026 14:05;1.234,50;EUR;Stuhl
1002;K7;zoë@example.com;21.11.2026 09:30;12,00;EUR;"Tisch; groß"
1003;K9;ann@example.com;22.11.2026 10:00;5,90;EUR;Lampe
`

/** Imports the file with the mapping that the preview suggests. */
async function importAsSuggested(content: string | Uint8Array, name = 'Orders 2026.csv') {
  const mapping = parseMapping(preview(content, name).mapping)
  const { columns, rows } = await rowsOf(temporaryFile('file', content), mapping.file)
  const map = compileMapping(mapping, { fileHash: 'x', columns, lookups: new Map() })
  const chunk = emptyChunk()
  for (const row of rows) addRow(chunk, row, map, { sourceId: mapping.source, receivedAt: now })
  return chunk
}

describe('a shop export with semicolons, commas as decimal points and German names', () => {
  test('is understood', () => {
    expect(preview(shop)).toMatchObject({
      format: 'csv',
      encoding: 'utf-8',
      delimiter: ';',
      header: true,
      remarks: [],
      columns: [
        { name: 'Order No', kind: 'id', example: '1001' },
        { name: 'Kunden-Nr', kind: 'user id' },
        { name: 'E-Mail', kind: 'email' },
        { name: 'Datum', kind: 'time' },
        { name: 'Betrag', kind: 'amount' },
        { name: 'Währung', kind: 'currency' },
        { name: 'Artikel', kind: 'text' },
      ],
    })
    expect(preview(shop).rows[1]?.at(-1)).toBe('Tisch; groß')
  })

  test.each(['utf-8', 'utf-16le', 'windows-1252'])(
    'is imported as suggested, in %s',
    async (encoding) => {
      const bytes = iconv.encode(shop, encoding, { addBOM: encoding === 'utf-16le' })
      const { touchpoints, errors } = await importAsSuggested(bytes)
      expect(errors).toEqual([])
      expect(touchpoints[0]).toMatchObject({
        kind: 'purchase',
        sourceId: 'orders_2026',
        amountMinor: 123_450,
        currency: 'EUR',
        occurredAt: Date.UTC(2026, 10, 3, 14, 5),
        properties: { artikel: 'Stuhl', order_no: '1001' },
      })
      expect(touchpoints[0]?.identifiers.map(({ namespace, value }) => [namespace, value])).toEqual(
        [
          ['user_id', 'K7'],
          ['email', 'zoë@example.com'],
        ],
      )
    },
  )

  test('also packed', async () => {
    expect((await importAsSuggested(gzipSync(shop))).touchpoints).toHaveLength(3)
  })
})

test('reviews', async () => {
  const csv = 'review_id,user_id,created_at,rating,comment\n1,u1,2026-01-02T03:04:05Z,5,Great\n'
  const { touchpoints } = await importAsSuggested(csv)
  expect(touchpoints[0]).toMatchObject({ kind: 'review', score: 1, text: 'Great' })
})

test('NDJSON of events', async () => {
  const line = {
    event: 'Signed Up',
    user: { id: 'u1', email: 'a@example.com' },
    at: '2026-01-02T03:04:05Z',
  }
  const { touchpoints, errors } = await importAsSuggested(
    `${JSON.stringify(line)}\n`,
    'events.ndjson',
  )
  expect(errors).toEqual([])
  expect(touchpoints[0]).toMatchObject({ kind: 'signed_up', event: 'Signed Up' })
})

test('people without times are identified, and the person is told', async () => {
  const csv = 'email,first name,plan\na@example.com,Ann,pro\nb@example.com,Bob,free\n'
  const { touchpoints } = await importAsSuggested(csv)
  expect(touchpoints.map(({ traits }) => traits)).toEqual([
    { first_name: 'Ann', plan: 'pro' },
    { first_name: 'Bob', plan: 'free' },
  ])
  expect(preview(csv).remarks).toEqual([expect.stringContaining('no column of times')])
})

test('days and months that could be either are pointed out', () => {
  const csv = 'email,date\na@example.com,03/04/2026\n'
  expect(preview(csv).remarks).toEqual([expect.stringContaining('M/d/yyyy and d/M/yyyy')])
  expect(preview('email,date\na@example.com,23/04/2026\n').remarks).toEqual([])
})

test('columns lined up with spaces, without a header', () => {
  const seen = preview(' 00001 19970101  1   11.77\n 00002 19970112  1   12.00\n')
  expect(seen).toMatchObject({ delimiter: 'whitespace', header: false })
  expect(seen.columns.map(({ name }) => name)).toEqual([
    'column_1',
    'column_2',
    'column_3',
    'column_4',
  ])
})

test('columns of the same name are left out, since nobody can say which is meant', async () => {
  const csv = `email,note,note,${'x'.repeat(300)}\na@example.com,1,2,3\n`
  const { touchpoints, errors } = await importAsSuggested(csv)
  expect(errors).toEqual([])
  expect(touchpoints).toHaveLength(1)
})

test('an empty file says so', () => {
  for (const content of ['', '\n \n', gzipSync('')]) {
    expect(() => preview(content)).toThrow('The file is empty')
  }
})

test('whatever the file, the suggested mapping is one', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('a@example.com', '2026-01-01', '12.50', 'id', '__proto__', '$row', '{x}', ''),
  )
  const table = fc.integer({ min: 1, max: 6 }).chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  fc.assert(
    fc.property(table, (rows) => {
      const csv = stringify(rows)
      fc.pre(csv.trim() !== '')
      expect(parseMapping(preview(csv).mapping).touchpoints).toBeDefined()
    }),
    { numRuns: 300 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      fc.pre(bytes[0] !== 0x1f && Buffer.from(bytes).toString('latin1').trim() !== '')
      try {
        parseMapping(preview(bytes).mapping)
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid_csv' })
      }
    }),
    { numRuns: 300 },
  )
})
