import { describe, expect, it } from 'vitest'
import { buildSessionKey } from './session-key.js'
import { keyVectors } from './session-key.vectors.test.support.js'

// proves: relay.f10
describe('the session key', () => {
  it.each(keyVectors)('of row $nr is $current', ({ source, options, current }) => {
    expect(buildSessionKey(source, options)).toBe(current)
  })

  it.each(keyVectors)('of row $nr in the first era', ({ source, options, current, seed = current }) => {
    expect(buildSessionKey(source, { ...options, era: 'seed' })).toBe(seed)
  })

  it('has all rows of the contract', () => {
    expect(keyVectors.map(({ nr }) => nr)).toEqual(Array.from({ length: 35 }, (_, at) => at + 1))
  })

  it('takes the profile of the source unless another is asked for', () => {
    const source = { platform: 'discord', chat_type: 'dm', chat_id: 'D1', profile: 'coder' }

    expect(buildSessionKey(source)).toBe('agent:coder:discord:dm:D1')
    expect(buildSessionKey(source, { profile: null })).toBe('agent:main:discord:dm:D1')
  })

  it('ignores a prospective thread in a direct chat', () => {
    const source = { platform: 'discord', chat_type: 'dm', chat_id: 'D1', prospective_thread_id: 'M7' }

    expect(buildSessionKey(source)).toBe('agent:main:discord:dm:D1')
  })
})
