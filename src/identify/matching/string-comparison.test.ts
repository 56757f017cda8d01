import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEditDistance, editDistance, longDistance } from './edit-distance.ts'
import { createJaroWinkler, jaroWinkler, longJaro } from './jaro-winkler.ts'
import { longestValue, Vocabulary } from './vocabulary.ts'

const codesOf = (text: string): Uint16Array =>
  Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))

const fewLetters = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', 'd', 'é', '😀'),
  maxLength: 20,
})

describe('Jaro-Winkler', () => {
  it.each([
    // W. E. Winkler 1990 and 2006 (U.S. Census Bureau RRS2006-02, table 6), to the digits printed there.
    ['martha', 'marhta', 0.9611, 4],
    ['dwayne', 'duane', 0.84, 4],
    ['dixon', 'dicksonx', 0.8133, 4],
    ['shackleford', 'shackelford', 0.982, 3],
    ['dunningham', 'cunnigham', 0.896, 3],
    ['nichleson', 'nichulson', 0.956, 3],
    ['jones', 'johnson', 0.832, 3],
    ['massey', 'massie', 0.933, 3],
    ['abroms', 'abrams', 0.922, 3],
    ['jeraldine', 'geraldine', 0.926, 3],
    ['michelle', 'michael', 0.921, 3],
    ['julies', 'julius', 0.933, 3],
    ['tanya', 'tonya', 0.88, 3],
    ['sean', 'susan', 0.805, 3],
    ['jon', 'john', 0.933, 3],
    ['jon', 'jan', 0.8, 3],
  ])('of %s and %s is as published', (a, b, published, digits) => {
    expect(jaroWinkler(a, b).toFixed(digits)).toBe(published.toFixed(digits))
    expect(jaroWinkler(b, a).toFixed(digits)).toBe(published.toFixed(digits))
    const vocabulary = new Vocabulary()
    const similarity = createJaroWinkler(vocabulary)(vocabulary.add(a), vocabulary.add(b))
    expect(similarity.toFixed(digits)).toBe(published.toFixed(digits))
  })

  it('of nothing', () => {
    expect(jaroWinkler('', '')).toBe(1)
    expect(jaroWinkler('a', '')).toBe(0)
    expect(jaroWinkler('abc', 'xyz')).toBe(0)
  })

  it('is 1 for equals only, within 0 and 1, and the same both ways up to the order of exchanges', () => {
    fc.assert(
      fc.property(fewLetters, fewLetters, (a, b) => {
        const similarity = jaroWinkler(a, b)
        expect(similarity).toBeGreaterThanOrEqual(0)
        expect(similarity).toBeLessThanOrEqual(1)
        expect(similarity === 1).toBe(a === b)
        expect(similarity > 0).toBe(jaroWinkler(b, a) > 0)
      }),
    )
  })

  it('with bits is the definition', () => {
    fc.assert(
      fc.property(fc.array(fewLetters, { minLength: 2, maxLength: 9 }), (texts) => {
        const vocabulary = new Vocabulary()
        const compare = createJaroWinkler(vocabulary)
        const ids = texts.map((text) => vocabulary.add(text))
        for (const [i, a] of texts.entries()) {
          for (const [j, b] of texts.entries()) {
            if (a === '' || b === '') continue
            const jaro = longJaro(codesOf(a), codesOf(b))
            let prefix = 0
            while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix++
            const expected = jaro > 0.7 ? jaro + 0.1 * prefix * (1 - jaro) : jaro
            expect(compare(ids[i] ?? 0, ids[j] ?? 0)).toBe(expected)
          }
        }
      }),
    )
  })

  it('says what it says whatever was asked before, also of borrowed values', () => {
    const vocabulary = new Vocabulary()
    const compare = createJaroWinkler(vocabulary)
    const martha = vocabulary.add('martha')
    for (const text of ['marhta', 'dwayne', 'mar', 'marhta']) {
      expect(compare(vocabulary.borrow(text), martha)).toBe(jaroWinkler(text, 'martha'))
    }
    for (const text of ['marhta', 'dwayne', 'marhta']) {
      expect(compare(martha, vocabulary.borrow(text))).toBe(jaroWinkler('martha', text))
    }
  })

  it('gives 0 in place of what is certainly below a bound, and nothing else', () => {
    const vocabulary = new Vocabulary()
    const [all, above] = [createJaroWinkler(vocabulary), createJaroWinkler(vocabulary, 0.8)]
    fc.assert(
      fc.property(fewLetters, fewLetters, (a, b) => {
        const [one, other] = [vocabulary.add(a), vocabulary.add(b)]
        const exact = all(one, other)
        expect([exact, exact < 0.8 ? 0 : exact]).toContain(above(one, other))
      }),
    )
  })

  it('takes strings of any length, cut at what a name may have', () => {
    const long = 'ab'.repeat(100_000)
    expect(jaroWinkler(long, long)).toBe(1)
    expect(jaroWinkler(long, `${long.slice(0, longestValue)}other`)).toBe(1)
    expect(jaroWinkler('x'.repeat(33), 'x'.repeat(32))).toBeCloseTo(0.994, 3)
  })
})

describe('edit distance', () => {
  it.each([
    ['19151111', '19151111', 0],
    ['19151111', '19151110', 1],
    ['19151211', '19152111', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
    ['', 'abc', 3],
  ])('of %s and %s', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
    expect(editDistance(b, a)).toBe(distance)
  })

  it('with bits is the definition', () => {
    fc.assert(
      fc.property(fewLetters, fewLetters, (a, b) => {
        expect(editDistance(a, b)).toBe(longDistance(codesOf(a), codesOf(b)))
      }),
    )
  })

  it('within a bound is exact, and above it stays above it', () => {
    const vocabulary = new Vocabulary()
    const compare = createEditDistance(vocabulary, 2)
    fc.assert(
      fc.property(fewLetters, fewLetters, (a, b) => {
        const exact = longDistance(codesOf(a), codesOf(b))
        const bounded = compare(vocabulary.add(a), vocabulary.add(b))
        if (exact <= 2) expect(bounded).toBe(exact)
        else expect(bounded > 2 && bounded <= exact).toBe(true)
      }),
    )
  })

  it('stops where the lengths say enough, and takes long values', () => {
    const vocabulary = new Vocabulary()
    const compare = createEditDistance(vocabulary, 2)
    expect(compare(vocabulary.add('1234'), vocabulary.add('9'))).toBe(3)
    expect(editDistance('x'.repeat(40), `${'x'.repeat(40)}y`)).toBe(1)
  })
})
