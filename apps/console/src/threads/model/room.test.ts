import { describe, expect, it } from 'vitest'
import { parseRoom, shortId, titleOf } from './room.js'

describe('a room', () => {
  it('is read as the server sends it', () => {
    const wire = {
      id: 'th_1',
      tenant: { org: 'acme' },
      metadata: { title: ' Planning ' },
      member_count: 3,
      active_run_count: 1,
      created_at: '2026-01-01T00:00:00.000000Z',
    }

    expect(parseRoom(wire)).toEqual({
      id: 'th_1',
      title: 'Planning',
      tenant: { org: 'acme' },
      memberCount: 3,
      activeRunCount: 1,
      createdAt: '2026-01-01T00:00:00.000000Z',
    })
  })

  it.each([undefined, {}, { title: 7 }, { title: ' ' }])(
    'without a title is called by its id: %j',
    (metadata) => {
      const room = parseRoom({ id: 'th_0199aaaabbbbccccdddd', metadata })

      expect(titleOf(room)).toBe('th_…ccccdddd')
    },
  )

  it('has an id that is cut only when it is long', () => {
    expect(shortId('th_12345')).toBe('th_12345')
  })
})
