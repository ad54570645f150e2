import { describe, expect, it } from 'vitest'
import { describeEvent } from './describe-event.js'
import { parseStreamEvent } from './stream-event.js'

const labels: Record<string, string> = { name: 'Full name', mail: 'E-mail' }

describe('an event as a sentence', () => {
  it.each([
    [
      'handshake.created',
      { mode: 'form-fill', keys: ['name', 'mail'] },
      'Handed out in form-fill mode with 2 fields.',
    ],
    ['handshake.created', { mode: 'default', keys: [] }, 'Handed out in default mode.'],
    ['field.set', { key: 'name', value: 'Ada' }, 'The agent set Full name to “Ada”.'],
    ['field.set', { key: 'name', value: '' }, 'The agent emptied Full name.'],
    ['field.set', { key: 'news', value: false }, 'The agent set news to “no”.'],
    ['field.edited', { key: 'name', value: 'Ada L.', by: 'user' }, 'The user set Full name to “Ada L.”.'],
    [
      'field.edited',
      { key: 'name', value: 'Ada L.', by: 'user_edit' },
      'The user changed the agent’s Full name to “Ada L.”.',
    ],
    ['field.edited', { key: 'name', value: '', by: 'empty' }, 'The user cleared Full name.'],
    [
      'handshake.extended',
      { extraSeconds: 1800, expiresIn: 3600 },
      'Extended by 30 min; it now lasts 1 h from here.',
    ],
    ['handshake.claimed', { label: 'Work laptop' }, 'Work laptop took the prompt.'],
    ['handshake.claimed', { label: '', agent: null }, 'An agent took the prompt.'],
    ['handshake.revoked', { by: 'browser' }, 'Revoked by browser.'],
    ['handshake.revoked', {}, 'Revoked.'],
    ['handshake.expired', {}, 'Time ran out; the prompt opens nothing any more.'],
    ['seal.frozen', {}, 'Something this console does not know yet: seal.frozen.'],
  ])('%s %j', (type, body, sentence) => {
    expect(say(type, body).sentence).toBe(sentence)
  })

  it('a batch tells what was written, refused, wrong and missing', () => {
    const body = {
      applied: 1,
      rejected: ['name'],
      errors: [{ key: 'mail', msg: 'type mismatch, expected string' }],
      missing: ['mail'],
    }

    expect(say('batch.done', body).sentence).toBe(
      'The agent finished a batch: 1 field written; Full name refused; ' +
        'E-mail: type mismatch, expected string; still missing E-mail.',
    )
  })

  it('long lists and long values are cut, not spilled', () => {
    const missing = Array.from({ length: 9 }, (_, n) => `field ${n}`)

    expect(say('batch.done', { applied: 0, missing }).sentence).toContain('and 5 more')
    expect(say('field.set', { key: 'name', value: 'x'.repeat(5000) }).sentence.length).toBeLessThan(150)
  })

  it('a revoke without a name in its body names who acted', () => {
    const event = { seq: 1, type: 'handshake.revoked', actor: { kind: 'user', name: 'Ada' }, body: {} }

    expect(describeEvent(parseStreamEvent(event)!).sentence).toBe('Revoked by Ada.')
  })

  it('text that looks like markup stays text', () => {
    expect(say('field.set', { key: 'name', value: '<b>hi</b>' }).sentence).toContain('“<b>hi</b>”')
  })

  it('a body of another shape than expected still reads', () => {
    expect(say('field.set', 'nonsense').sentence).toBe('The agent emptied a field.')
    expect(say('batch.done', null).sentence).toContain('0 fields written')
  })
})

function say(type: string, body: unknown) {
  return describeEvent(parseStreamEvent({ seq: 1, type, body })!, (key) => labels[key] ?? key)
}
