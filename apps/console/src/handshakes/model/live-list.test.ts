import { describe, expect, it } from 'vitest'
import { type Handshake, parseHandshake } from './handshake.js'
import { mergeLive, rememberLive, searchHandshakes } from './live-list.js'

describe('the live list', () => {
  it('a change replaces what was read, and a new handshake joins at its place', () => {
    const read = [aHandshake('b', { head: 1 }), aHandshake('a', { head: 1 })]
    const live = [aHandshake('a', { head: 4 }), aHandshake('c', { head: 1 })].reduce(rememberLive, new Map())

    const merged = mergeLive(read, live, 'open')

    expect(merged.map(({ id, head }) => [id, head])).toEqual([
      ['c', 1],
      ['b', 1],
      ['a', 4],
    ])
  })

  it('a handshake that ends leaves the list of open ones', () => {
    const live = rememberLive(new Map(), aHandshake('a', { head: 2, state: 'ended' }))

    expect(mergeLive([aHandshake('a', { head: 1 })], live, 'open')).toEqual([])
    expect(mergeLive([aHandshake('a', { head: 1 })], live, 'all')).toHaveLength(1)
  })

  it('a reading that is newer than the live change wins', () => {
    const live = rememberLive(new Map(), aHandshake('a', { head: 2 }))

    expect(mergeLive([aHandshake('a', { head: 3 })], live, 'open')[0]?.head).toBe(3)
  })

  it('forgets the oldest changes past its bound', () => {
    const ids = Array.from({ length: 600 }, (_, n) => `h${n}`)
    const live = ids.map((id) => aHandshake(id, {})).reduce(rememberLive, new Map())

    expect(live.size).toBe(500)
    expect(live.has('h0')).toBe(false)
    expect(live.has('h599')).toBe(true)
  })

  it('is searched by title, id and owner', () => {
    const all = [
      aHandshake('a1', { title: 'Workshop' }),
      aHandshake('b2', { owner: { id: 'u', name: 'Ada' } }),
    ]
    const found = (words: string) => searchHandshakes(all, words).map(({ id }) => id)

    expect(found('WORK')).toEqual(['a1'])
    expect(found('b2')).toEqual(['b2'])
    expect(found('ada')).toEqual(['b2'])
    expect(found(' ')).toEqual(['a1', 'b2'])
    expect(found('nobody')).toEqual([])
  })
})

function aHandshake(id: string, members: Record<string, unknown>): Handshake {
  return parseHandshake({ id, createdAt: `2026-01-01T00:00:00.${id}`, ...members }, 0)
}
