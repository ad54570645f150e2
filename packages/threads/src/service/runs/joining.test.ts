import { describe, expect, test } from 'vitest'
import { openPlane, people } from '../../plane.test.support.js'
import { text } from '../../protocol/index.js'
import type { AssistantHandler } from './handler.js'
import { held, helper, quick, roomWith } from './room.test.support.js'

describe('with autoJoinAssistants', () => {
  test('an assistant that is invoked becomes a member in the unit of its run', async () => {
    const { threads, call, room } = await openPlane({ autoJoinAssistants: true })
    threads.assistant('plain', quick)
    threads.assistant('named', quick, { name: 'Named', metadata: { avatar: 'x' } })
    const id = await room()

    const { status, body } = await call('alice', 'POST', `/threads/${id}/invocations`, {
      assistant_ids: ['plain', 'named'],
    })
    const { body: members } = await call('alice', 'GET', `/threads/${id}/members`)
    const { body: page } = await call('alice', 'GET', `/threads/${id}/events?types=thread.member_added`)

    expect([status, body.runs.length]).toEqual([201, 2])
    expect(body.runs[1].assistant).toEqual({
      role: 'assistant',
      id: 'named',
      name: 'Named',
      metadata: { avatar: 'x' },
    })
    const joined = members.filter(
      ({ identity }: { identity: { role: string } }) => identity.role === 'assistant',
    )
    expect(joined).toMatchObject([
      { identity: { id: 'named' }, role: 'member', added_by: { id: 'u_alice' } },
      { identity: { id: 'plain', name: 'plain', metadata: {} } },
    ])
    expect(page.items.slice(1)).toMatchObject([
      { member: { id: 'plain' }, author: { id: 'u_alice' } },
      { member: { id: 'named' }, author: { id: 'u_alice' } },
    ])
  })

  test('it joins once, however many invoke it at once', async () => {
    const { threads, call, room } = await openPlane({ autoJoinAssistants: true })
    const { handler, release } = held()
    threads.assistant('a', handler)
    const id = await room()

    const path = `/threads/${id}/invocations`
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call('alice', 'POST', path, { assistant_ids: ['a'] })),
    )
    release()

    expect(new Set(answers.map(({ body }) => body.runs[0].id)).size).toBe(1)
    const { body } = await call('alice', 'GET', `/threads/${id}/events?types=thread.member_added`)
    expect(body.items).toHaveLength(2)
  })

  test('nobody joins a full thread, nor one where a person has the id', async () => {
    const { threads, call, room } = await openPlane({
      autoJoinAssistants: true,
      limits: { members: 2 },
    })
    threads.assistant('u_bob', quick)
    threads.assistant('a', quick)
    const id = await room({ members: [people.bob!] })
    const invoke = (assistant: string) =>
      call('alice', 'POST', `/threads/${id}/invocations`, { assistant_ids: [assistant] })

    expect((await invoke('a')).body.detail).toBe('too many members in this thread')
    expect((await invoke('u_bob')).body.detail).toBe('assistant not a member of this thread: u_bob')
  })

  test('a handler may bring in another one', async () => {
    const host: AssistantHandler = async function* (ctx, send) {
      const run = await ctx.invoke('guest')
      yield send.message([text(run.assistant.name)])
    }
    const room = await roomWith({ host }, { autoJoinAssistants: true })
    room.threads.assistant('guest', quick)

    const { body } = await room.invoke(['host'])

    expect(await room.over(body.runs[0].id)).toMatchObject({ status: 'completed' })
    const added = (await room.events()).find(
      (event) => event.type === 'thread.member_added' && event.member.id === 'guest',
    )
    expect(added).toMatchObject({ author: { id: 'host' } })
  })
})

describe('an invocation that refuses what runs already', () => {
  test('starts nothing, and names who is active', async () => {
    const { handler, release } = held()
    const room = await roomWith({ slow: handler, other: quick })
    const strict = { if_active: 'refuse' }

    const first = await room.invoke(['slow'], strict)
    const { status, body } = await room.invoke(['other', 'slow'], strict)
    release()
    await room.over(first.body.runs[0].id)

    expect(first.status).toBe(201)
    expect([status, body.error.code, body.detail]).toEqual([
      409,
      'conflict',
      'assistant is active already: slow',
    ])
    const { body: page } = await room.call('alice', 'GET', `/threads/${room.id}/events?types=run.started`)
    expect(page.items).toHaveLength(1)
  })

  test('is answered again by its key, also at the same time', async () => {
    const { handler, release } = held()
    const room = await roomWith({ slow: handler })
    const strict = { if_active: 'refuse', idempotency_key: 'k' }

    const answers = await Promise.all(Array.from({ length: 10 }, () => room.invoke(['slow'], strict)))
    release()

    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 201])
    expect(new Set(answers.map(({ body }) => body.runs[0].id)).size).toBe(1)
  })
})

test('an assistant that was taken away is not registered any more', async () => {
  const { threads } = await openPlane()
  const remove = threads.assistant('a', quick)

  expect(() => threads.assistant('a', quick)).toThrow('registered already')
  remove()
  threads.assistant('a', quick)
  expect(helper('a').role).toBe('assistant')
})
