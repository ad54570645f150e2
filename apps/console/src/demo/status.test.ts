import { describe, expect, it } from 'vitest'
import { isActive, isOver, type News, nextStatus, type Status } from './status.js'
import { statusWords } from './status-words.js'

const done: News = { kind: 'done', applied: 2, rejected: ['name'], missing: ['track'] }

describe('the status of the demo', () => {
  it('goes from asking to connected, writing and done', () => {
    expect(states({ kind: 'asked' }, socket('open'), { kind: 'action' }, { kind: 'action' }, done)).toEqual([
      'starting',
      'connected',
      'writing',
      'writing',
      'done',
    ])
  })

  it('counts the fields of one burst', () => {
    expect(after({ kind: 'asked' }, { kind: 'action' }, { kind: 'action' })).toEqual({
      state: 'writing',
      fields: 2,
    })
    expect(after({ kind: 'action' }, done, { kind: 'action' })).toEqual({ state: 'writing', fields: 1 })
  })

  it('shows a broken connection and its return', () => {
    expect(states({ kind: 'asked' }, socket('open'), socket('waiting'), socket('open'))).toEqual([
      'starting',
      'connected',
      'reconnecting',
      'connected',
    ])
  })

  it('a reconnect does not hide what the agent has just done', () => {
    expect(after(done, socket('connecting'), socket('open')).state).toBe('done')
  })

  it.each([
    ['session expired', 'expired'],
    ['session not found', 'expired'],
    ['session revoked', 'revoked'],
  ])('"%s" from the server reads as %s, and stays', (reason, state) => {
    const status = after({ kind: 'asked' }, socket('open'), socket('ended', reason), { kind: 'action' })

    expect(status.state).toBe(state)
    expect(isOver(status)).toBe(true)
    expect(isActive(status)).toBe(false)
  })

  it('can begin again after the end', () => {
    expect(after({ kind: 'stopped' }, { kind: 'asked' }).state).toBe('starting')
    expect(after({ kind: 'asked' }, { kind: 'failed' }).state).toBe('idle')
  })

  it('names fields by their labels', () => {
    const { detail } = statusWords(after(done), (key) => key.toUpperCase())

    expect(detail).toBe('2 fields written. Kept as you wrote it: NAME. Still missing: TRACK.')
  })
})

function socket(status: 'open' | 'waiting' | 'connecting' | 'ended', reason?: string): News {
  return { kind: 'socket', status, reason }
}

function states(...news: News[]): string[] {
  return news.map((_, index) => after(...news.slice(0, index + 1)).state)
}

function after(...news: News[]): Status {
  return news.reduce(nextStatus, { state: 'idle' } satisfies Status as Status)
}
