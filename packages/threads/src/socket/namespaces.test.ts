import { describe, expect, test } from 'vitest'
import { people } from '../plane.test.support.js'
import { openDoor } from './door.test.support.js'

const namespaceKeys = ['org', 'ws']

const refusalOf = async (attempt: Promise<unknown>) => {
  const error = await attempt.then(
    () => undefined,
    (reason) => reason,
  )
  return [error?.message.split(':')[0], error?.data?.code]
}

describe('namespaces', () => {
  // proves: threads.t24
  test('a path that does not parse, or is not the own one, is refused by name', async () => {
    const { connect } = await openDoor({ namespaceKeys })

    for (const namespace of ['/', '/A', '/A/X/Y', '/A/x y', '/A/..'])
      expect(await refusalOf(connect('alice', { namespace }))).toEqual([
        'namespace_invalid',
        'namespace_invalid',
      ])
    for (const [who, namespace] of [
      ['alice', '/A/Y'],
      ['dave', '/A/X'],
      ['erin', '/A/X'],
      ['evil', '/A/X'],
    ] as const)
      expect(await refusalOf(connect(who, { namespace }))).toEqual([
        'namespace_mismatch',
        'namespace_mismatch',
      ])
    expect(await refusalOf(connect('nobody', { namespace: '/A/X' }))).toEqual([
      'unauthenticated',
      'unauthenticated',
    ])
    await connect('alice', { namespace: '/A/X' })
  })

  test('without keys there is only one', async () => {
    const { connect } = await openDoor()

    await connect('alice')

    expect(await refusalOf(connect('alice', { namespace: '/A/X' }))).toEqual(['Invalid namespace', undefined])
  })

  test('a thread of another namespace is not there', async () => {
    const { connect, room } = await openDoor({ namespaceKeys })
    const id = await room({ members: [people.carol!] })
    const carol = await connect('carol', { namespace: '/A/Y' })
    const draft = { content: [{ type: 'text', text: 'x' }] }

    const answers = [
      await carol.join(id),
      await carol.ask('message:send', { thread_id: id, draft }),
      await carol.ask('assistant:invoke', { thread_id: id, assistant_ids: ['a'] }),
      await carol.ask('run:cancel', { run_id: 'run_x' }),
    ]

    expect(answers.map(({ error }) => error.code)).toEqual(Array(4).fill('not_found'))
  })

  test('a thread that moves is told to where it was, which is emptied then', async () => {
    const { connect, room, call, send } = await openDoor({ namespaceKeys, foreignTenants: true })
    const id = await room({ members: [people.carol!] })
    const alice = await connect('alice', { namespace: '/A/X' })
    const carol = await connect('carol', { namespace: '/A/Y' })
    await alice.join(id)

    await call('alice', 'PATCH', `/threads/${id}`, { tenant: { org: 'A', ws: 'Y' } })
    await alice.until('thread:left')
    await carol.join(id)
    await send('carol', id, 'over here')
    await carol.until('event')

    expect(alice.names).toEqual(['event thread.tenant_changed', 'thread:updated', 'thread:left'])
    expect(carol.names).toEqual(['event message'])
  })
})
