import { describe, expect, test } from 'vitest'
import { createRefusals } from './refusals.js'

function meanings(...story: ('handshaken' | [number, string])[]) {
  const refusals = createRefusals()
  return story.flatMap((one) => {
    if (one === 'handshaken') refusals.handshaken()
    return one === 'handshaken' ? [] : [refusals.ended(...one)]
  })
}
const refused: [number, string] = [4401, 'unauthorized']
const lost: [number, string] = [1006, '']

// proves: relay.f21
describe('a refusal', () => {
  test('before any handshake is waited for', () => {
    expect(meanings(refused, refused, [4401, ''])).toEqual(['wait', 'wait', 'wait'])
  })

  test('after one is tried again at once, and then is for good', () => {
    expect(meanings('handshaken', lost, refused, refused)).toEqual(['wait', 'at once', 'give up'])
  })

  test('of the fresh connection is for good also after its descriptor', () => {
    expect(meanings('handshaken', refused, 'handshaken', refused)).toEqual(['at once', 'give up'])
  })

  test('stays in question while the fresh dial fails for other reasons', () => {
    expect(meanings('handshaken', refused, lost, [1013, ''], refused)).toEqual([
      'at once',
      'wait',
      'wait',
      'give up',
    ])
  })

  test('is a first one again when the fresh connection has lived', () => {
    expect(meanings('handshaken', refused, 'handshaken', lost, refused)).toEqual([
      'at once',
      'wait',
      'at once',
    ])
  })

  test('that says expired is none', () => {
    expect(meanings('handshaken', [4401, 'expired'], [4401, 'expired'])).toEqual(['wait', 'wait'])
    expect(meanings('handshaken', refused, [4401, 'expired'], refused)).toEqual([
      'at once',
      'wait',
      'give up',
    ])
  })

  test.each([1000, 1001, 1009, 1011, 1013, 4403, 4408])('is not what %d says', (code) => {
    expect(meanings('handshaken', [code, 'unauthorized'], [code, 'unauthorized'])).toEqual(['wait', 'wait'])
  })
})
