import { describe, expect, test } from 'vitest'
import type { TouchpointKind } from '../../domain/touchpoint-kind.ts'
import type { JsonObject } from '../../domain/touchpoint.ts'
import { moneyOf, scoreOf, textOf } from './event-facts.ts'
import { minorDigits } from '../../domain/currency.ts'

describe('money', () => {
  test.each<[TouchpointKind, JsonObject, number | null, string | null]>([
    ['purchase', { total: 12.5, revenue: 10, value: 9, currency: 'EUR' }, 1250, 'EUR'],
    ['purchase', { revenue: 10, value: 9 }, 1000, null],
    ['purchase', { value: 9, price: 1 }, 900, null],
    ['purchase', { price: 14.4, quantity: 3, currency: 'EUR' }, 4320, 'EUR'],
    ['cart_added', { price: '19.99' }, 1999, null],
    ['purchase', { products: [{ price: 1.1, quantity: 3 }, { price: 2 }, null, 7, {}] }, 530, null],
    ['purchase', { total: 0 }, 0, null],
    ['purchase', { total: 1.005 }, 101, null],
    ['purchase', { total: 1.115, currency: 'usd' }, 112, 'USD'],
    ['purchase', { total: 0.1 + 0.2 }, 30, null],
    ['order_refunded', { total: -5.555 }, -556, null],
    ['purchase', { total: 1234.5, currency: 'JPY' }, 1235, 'JPY'],
    ['purchase', { total: 1.2345, currency: 'KWD' }, 1235, 'KWD'],
    ['purchase', { total: 1, currency: 'CLF' }, 10_000, 'CLF'],
    ['purchase', { total: 5, currency: 'euros' }, 500, null],
    ['purchase', { total: 'twelve' }, null, null],
    ['purchase', { total: '1,234.50' }, null, null],
    ['purchase', { total: 1e300, currency: 'EUR' }, null, null],
    ['purchase', { currency: 'EUR' }, null, null],
    // A bare value means money only where the event is about money, or names a currency.
    ['custom', { value: 5 }, null, null],
    ['custom', { value: 5, currency: 'EUR' }, 500, 'EUR'],
    ['custom', { price: 5 }, null, null],
    ['review', { value: 5, total: 7, currency: 'EUR' }, null, null],
  ])('%s %j', (kind, properties, amountMinor, currency) => {
    expect(moneyOf(kind, properties)).toEqual({ amountMinor, currency })
  })

  test('minor units are those of Intl where that follows ISO 4217', () => {
    for (const currency of ['EUR', 'USD', 'GBP', 'JPY', 'KRW', 'KWD', 'TND', 'ISK', 'CHF', 'CLF']) {
      const format = new Intl.NumberFormat('en', { style: 'currency', currency })
      expect(minorDigits(currency)).toBe(format.resolvedOptions().maximumFractionDigits)
    }
    // ICU knows how it is paid in cash; ISO 4217 gives it three digits.
    expect(minorDigits('IQD')).toBe(3)
    expect(minorDigits(null)).toBe(2)
  })
})

describe('score', () => {
  test.each<[TouchpointKind, JsonObject, number | null]>([
    ['review', { rating: 5 }, 1],
    ['review', { rating: 3 }, 0.5],
    ['review', { rating: 1 }, 0],
    ['review', { rating: 0 }, 0],
    ['review', { rating: '4' }, 0.75],
    ['rating', { stars: 4 }, 0.75],
    ['rating', { rating: 8 }, 0.8],
    ['rating', { rating: 80 }, 0.8],
    ['rating', { rating: 5, scale: 10 }, 0.5],
    ['rating', { rating: 4, max: 7 }, 0.5],
    ['rating', { rating: 4, scale: '1-7' }, 0.5],
    ['rating', { rating: 5, scale: '0 to 10' }, 0.5],
    ['rating', { rating: 3, min: 0, max: 4 }, 0.75],
    ['rating', { rating: 1, max: 1 }, 1],
    ['survey_answer', { nps: 9 }, 0.9],
    ['survey_answer', { nps_score: 0 }, 0],
    ['survey_answer', { score: 5, survey_type: 'NPS' }, 0.5],
    ['survey_answer', { score: 4, type: 'csat' }, 0.75],
    ['survey_answer', { ces: 7 }, 1],
    ['survey_answer', { answer: 'very good' }, null],
    ['ticket_resolved', { csat: 5 }, 1],
    ['survey_answer', { nps: 11 }, null],
    ['rating', { rating: -1 }, null],
    ['rating', { rating: 6, max: 5 }, null],
    ['rating', { rating: 3, max: 0 }, null],
    ['rating', {}, null],
    ['product_viewed', { rating: 4.5 }, null],
    ['custom', { score: 4 }, null],
  ])('%s %j is %s', (kind, properties, score) => {
    expect(scoreOf(kind, properties)).toBe(score)
  })
})

describe('text', () => {
  test.each<[TouchpointKind, JsonObject, string | null]>([
    ['review', { review_body: ' Lovely! ' }, 'Lovely!'],
    ['review', { review: '', comment: 'So so' }, 'So so'],
    ['ticket_opened', { subject: 'Help', description: 'It broke' }, 'It broke'],
    ['chat_message', { message_body: 'Hello' }, 'Hello'],
    ['survey_answer', { feedback: 7, text: 'Fine' }, 'Fine'],
    ['review', { review: ['x'] }, null],
    ['page_viewed', { text: 'a whole article' }, null],
    ['custom', { message: 'x' }, null],
  ])('%s %j', (kind, properties, text) => expect(textOf(kind, 'x', properties)).toBe(text))

  test('what the agent said is not the customer’s', () => {
    const said = { message_body: 'How can I help?' }
    expect(textOf('chat_message', 'livechatmessagereceived', said)).toBeNull()
    expect(textOf('chat_message', 'livechatmessagesent', said)).toBe(said.message_body)
  })

  test('is cut at 4,000 characters, never through one', () => {
    expect(textOf('review', 'x', { text: 'a'.repeat(5_000) })).toHaveLength(4_000)
    const cut = textOf('review', 'x', { text: `${'a'.repeat(3_999)}🙂` })
    expect(cut).toBe('a'.repeat(3_999))
  })
})
