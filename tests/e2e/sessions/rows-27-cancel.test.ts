import { eventually } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { uuid } from './support/agents.js'
import { prompting } from './support/prompting.js'
import { oneGround, sharedStage } from './support/shared-stage.js'
import { ask } from './support/stage.js'

describe.each(oneGround)('cancelling on $name', (ground) => {
  const stage = sharedStage(ground)
  const { call, status, queue, read, logs, busy, prompts } = prompting(stage)

  // proves: sessions.s27
  test('a cancelled turn ends as such, for whoever waits and for whoever watches', async () => {
    const { id, turn } = await busy()

    expect(await call('POST', `${id}/cancel`)).toMatchObject({ status: 200, body: { ok: true } })

    expect(await turn).toMatchObject({ status: 200, body: { stopReason: 'cancelled' } })
    const rpc = (await logs(id)).map(({ data }) => [data.method, data.direction, data.phase].join(' '))
    expect(rpc).toContain('session/cancel client_to_agent notification')
    expect((await logs(id)).at(-1)).toMatchObject({
      data: { method: 'session/prompt', phase: 'response', payload: { stopReason: 'cancelled' } },
    })
    expect(await ask(stage(), id, 'echo next')).toBe('next')
  })

  // proves: sessions.s27
  test('a cancelled turn has its questions answered with cancelled', async () => {
    const id = await stage().session()
    const turn = stage().prompt(id, 'ask 2')
    await eventually(
      async () => (await logs(id)).filter(({ type }) => type === 'permission_request').length === 2,
    )

    await call('POST', `${id}/cancel`)

    expect((await turn).body).toMatchObject({ stopReason: 'cancelled' })
    expect((await read(id)).pendingPermission).toBeNull()
    expect(await status(id)).toEqual({ processing: false, pendingPermission: false })
    const rejected = (await logs(id)).filter(({ type }) => type === 'permission_rejected')
    expect(rejected.map(({ data }) => data)).toEqual([
      { requestId: expect.stringMatching(uuid), response: { outcome: { outcome: 'cancelled' } } },
      { requestId: expect.stringMatching(uuid), response: { outcome: { outcome: 'cancelled' } } },
    ])
    const answers = (await logs(id)).filter(
      ({ data }) => data.method === 'session/request_permission' && data.phase === 'response',
    )
    expect(answers.map(({ data }) => data.payload)).toEqual([
      { outcome: { outcome: 'cancelled' } },
      { outcome: { outcome: 'cancelled' } },
    ])
  })

  // proves: sessions.s27
  test('what does not run can not be cancelled', async () => {
    const id = await stage().session()
    const ended = await stage().session()
    await call('DELETE', ended)

    expect((await call('POST', `${id}/cancel`)).status).toBe(409)
    expect((await call('POST', `${crypto.randomUUID()}/cancel`)).status).toBe(404)
    expect((await call('POST', `${ended}/cancel`)).status).toBe(404)
    expect(await ask(stage(), id, 'echo fine')).toBe('fine')
  })

  // proves: sessions.s27
  test('a socket cancels too: the running turn, or one that waits', async () => {
    const { id, turn } = await busy()
    const { queueId } = (await stage().prompt(id, 'echo never')).body
    const peer = await stage().dial()
    onTestFinished(() => peer.terminate())

    peer.send({ action: 'cancel', sessionId: id, queueId })
    await eventually(async () => (await queue(id)).size === 0)
    expect(await status(id)).toMatchObject({ processing: true })
    peer.send({ action: 'cancel', sessionId: id })

    expect((await turn).body).toEqual({ stopReason: 'cancelled' })
    expect(await prompts(id)).toEqual(['wait'])
  })
})
