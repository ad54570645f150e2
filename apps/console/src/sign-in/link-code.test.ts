import { describe, expect, it } from 'vitest'
import { readLinkCode, takeLinkCode } from './link-code.js'

describe('the code of an owner link', () => {
  it.each([
    ['#code=abc-_1', 'abc-_1'],
    ['#code=a%2Bb', 'a+b'],
    ['#code=', null],
    ['#other=1', null],
    ['', null],
  ])('%s holds %s', (hash, code) => {
    expect(readLinkCode(hash)).toBe(code)
  })

  it('is taken out of the address', () => {
    const shown: unknown[] = []
    const page = {
      location: { hash: '#code=abc', pathname: '/sign-in' },
      history: { state: null, replaceState: (...given: unknown[]) => shown.push(given[2]) },
    } as unknown as Window

    expect(takeLinkCode(page)).toBe('abc')
    expect(shown).toEqual(['/sign-in'])
  })
})
