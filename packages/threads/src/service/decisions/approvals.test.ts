import { expect, test } from 'vitest'
import { people } from '../../plane.test.support.js'
import { assistant, text } from '../../protocol/index.js'
import { openDoor } from '../../socket/door.test.support.js'
import type { AssistantHandler } from '../runs/handler.js'
import { deciding, told } from './decisions.test.support.js'

/** A handler that waits until its call is decided. */
const deploy: AssistantHandler = async function* (ctx, send) {
  const call = send.toolCall({ name: 'deploy', arguments: {}, id: 'c1', metadata: { approval: 'required' } })
  yield call
  const { approved, by } = await ctx.approval(call)
  yield send.message([text(`${approved} ${by?.id}`)])
}

test('the gate comes first, then the call, then the body', async () => {
  const asked: unknown[] = []
  const { invoke, found, decide } = await deciding(
    { clerk: deploy },
    {
      authorize: ({ id }, _thread, action, target) => {
        if (action.startsWith('tool.')) asked.push([id, action, target])
        return !(id === 'u_alice' && action === 'tool.reject')
      },
    },
  )
  await invoke(['clerk'])
  await found('tool.call')
  const broken = { reason: 1 }

  const statuses: unknown[] = []
  for (const who of ['', 'dave', 'carol'])
    for (const id of ['c1', 'nowhere']) statuses.push((await decide(who, id, 'approve', broken)).status)

  expect(statuses).toEqual([401, 401, 404, 404, 404, 404])
  expect(asked).toEqual([])
  expect(told(await decide('alice', 'c1', 'reject', broken))).toEqual([403, 'not authorized: tool.reject'])
  expect(told(await decide('bob', 'nowhere', 'approve', broken))).toEqual([404, 'tool call not found'])
  expect(told(await decide('bob', 'c1', 'approve', broken))).toEqual([400, 'reason must be a string'])
  expect((await decide('bob', 'c1', 'approve')).status).toBe(200)
  expect(asked[0]).toEqual(['u_alice', 'tool.reject', { targetId: 'clerk' }])
  expect(asked[1]).toEqual(['u_bob', 'tool.approve', {}])
})

test('somebody who sees the thread and is no member may not decide', async () => {
  const { call, invoke, found, decide, id } = await deciding({ clerk: deploy })
  await invoke(['clerk'])
  await found('tool.call')
  await call('alice', 'DELETE', `/threads/${id}/members/u_bob`)

  expect(told(await decide('bob', 'c1', 'approve'))).toEqual([403, 'not a member of this thread'])
  expect((await decide('alice', 'c1', 'approve')).status).toBe(200)
})

test.each(['%00', '%ED%A0%80', 'x'.repeat(300), 'c1%2F'])(
  'an id that names no call is not found: %s',
  async (callId) => {
    const { decide, faults } = await deciding()

    expect((await decide('alice', callId, 'approve')).status).toBe(404)
    expect(faults).toEqual([])
  },
)

test('a call that needs no approval can not be approved', async () => {
  const { invoke, over, decide } = await deciding({
    clerk: async function* (_ctx, send) {
      yield send.toolCall({ name: 'look', arguments: {}, id: 'c1' })
    },
  })
  const { body } = await invoke(['clerk'])
  await over(body.runs[0].id)

  expect(told(await decide('bob', 'c1', 'approve'))).toEqual([404, 'tool call not found'])
})

test('an assistant can not approve its own call', async () => {
  const clerk = assistant({ id: 'clerk', name: 'clerk', metadata: people.alice!.metadata })
  const { invoke, found, decide } = await deciding(
    { clerk: deploy },
    {
      authenticate: ({ headers }) =>
        ({ 'Bearer clerk': clerk, 'Bearer alice': people.alice! })[headers.authorization ?? ''] ?? null,
    },
  )
  await invoke(['clerk'])
  await found('tool.call')

  expect(told(await decide('clerk', 'c1', 'approve'))).toEqual([403, 'whoever asks can not answer'])
})

test('a decision over a socket is acknowledged, pushed once, and final', async () => {
  const { connect, room, call, threads } = await openDoor()
  threads.assistant('clerk', deploy)
  const id = await room({ members: [people.bob!, assistant({ id: 'clerk', name: 'clerk' })] })
  const [alice, bob] = [await connect('alice'), await connect('bob')]
  await alice.join(id)
  await alice.ask('assistant:invoke', { thread_id: id, assistant_ids: ['clerk'] })
  await alice.until('event', 2)
  const about = { thread_id: id, call_id: 'c1' }

  const broken = await bob.ask('tool:reject', { ...about, reason: [] })
  const unknown = await bob.ask('tool:reject', { ...about, call_id: 'nowhere' })
  const rejected = await bob.ask('tool:reject', { ...about, reason: 'not today' })
  const late = await alice.ask('tool:approve', about)

  expect(broken).toMatchObject({ error: { code: 'invalid_request' } })
  expect(unknown).toMatchObject({ error: { code: 'not_found', message: 'tool call not found' } })
  expect(rejected).toMatchObject({
    event: { type: 'tool.rejected', tool: { id: 'c1' }, reason: 'not today', author: { id: 'u_bob' } },
  })
  expect(late).toEqual({ error: { code: 'conflict', message: 'this tool call was rejected by bob' } })
  const pushed = await alice.until('event', 5)
  expect(pushed.filter(({ type }) => type === 'tool.rejected')).toEqual([rejected.event])
  expect(pushed.at(-2)).toMatchObject({ content: [{ text: 'false u_bob' }] })
  const { items } = (await call('alice', 'GET', `/threads/${id}/events?types=tool.rejected`)).body
  expect(items).toEqual([rejected.event])
})
