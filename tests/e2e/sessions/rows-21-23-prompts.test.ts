import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { prompting } from './support/prompting.js'
import { bothGrounds, sharedStage } from './support/shared-stage.js'
import { ask, saidIn } from './support/stage.js'

describe.each(bothGrounds)('prompts on $name', (ground) => {
  const stage = sharedStage(ground)
  const { call, status, queue, read, logs, busy, finish, prompts } = prompting(stage)

  // proves: sessions.s21
  test('a prompt answers with how its turn ended, when it has ended', async () => {
    const id = await stage().session()

    expect(await stage().prompt(id, 'echo hello')).toMatchObject({
      status: 200,
      body: { stopReason: 'end_turn' },
    })
    // Everything of the turn is there by then.
    expect(saidIn(await logs(id))).toBe('hello')
    expect(await status(id)).toEqual({ processing: false, pendingPermission: false })
    expect((await stage().prompt(id, 'refuse')).body).toMatchObject({ stopReason: 'refusal' })
  })

  // proves: sessions.s21
  test('a prompt without a text is refused', async () => {
    const id = await stage().session()

    for (const body of [{}, { text: '' }, { text: 5 }, { text: null }])
      expect(await call('POST', `${id}/prompts`, body)).toMatchObject({
        status: 400,
        body: { error: "Missing 'text' field" },
      })
    const broken = await call('POST', `${id}/prompts`, '{')
    expect([broken.status, broken.body]).toEqual([400, { error: expect.any(String) }])
    expect((await read(id)).title ?? null).toBeNull()
  })

  // proves: sessions.s21
  test('the content type of a prompt does not matter', async () => {
    const id = await stage().session()
    const headers = { 'content-type': 'text/plain' }

    const answer = await stage().call('POST', `/agents/${id}/prompts`, { text: 'echo x' }, { headers })

    expect(answer).toMatchObject({ status: 200, body: { stopReason: 'end_turn' } })
  })

  // proves: sessions.s21
  test('a prompt to what is not there, or has ended, is not found', async () => {
    const ended = await stage().session()
    await call('DELETE', ended)

    for (const id of [ended, crypto.randomUUID(), 'x'])
      expect(await stage().prompt(id, 'echo x')).toMatchObject({
        status: 404,
        body: { error: expect.stringContaining('Session not found') },
      })
  })

  // proves: sessions.s21
  test('a turn that fails says what the agent said, and the session goes on', async () => {
    const id = await stage().session()

    const failed = await stage().prompt(id, 'fail')

    expect([failed.status, failed.body]).toEqual([
      500,
      { error: expect.stringContaining('The demo agent failed, as it was told to.') },
    ])
    expect(failed.body.error).toContain('-32000')
    const told = await eventually(async () => (await logs(id)).find(({ type }) => type === 'error'))
    expect(told.data).toMatchObject({ message: expect.stringContaining('The demo agent failed') })
    expect(await ask(stage(), id, 'echo still here')).toBe('still here')
  })

  // proves: sessions.s22
  test('prompts during a turn wait and run in their order', async () => {
    const { id, turn } = await busy()

    const first = await stage().prompt(id, 'echo one')
    const second = await stage().prompt(id, 'echo two')
    await call('POST', `${id}/cancel`)

    expect(first).toMatchObject({ status: 200 })
    expect(first.body).toEqual({ queued: true, queueId: expect.any(String), position: 0 })
    expect(second.body).toEqual({ queued: true, queueId: expect.any(String), position: 1 })
    expect(first.body.queueId).not.toBe(second.body.queueId)
    expect((await turn).body).toEqual({ stopReason: 'cancelled' })
    await eventually(async () => saidIn(await logs(id)) === 'onetwo')
    expect(await prompts(id)).toEqual(['wait', 'echo one', 'echo two'])
    await eventually(async () => !(await status(id)).processing)
  })

  // proves: sessions.s22
  test('one that fails does not hold up those behind it', async () => {
    const { id } = await busy()
    await stage().prompt(id, 'fail')
    await stage().prompt(id, 'echo after')

    await finish(id)

    await eventually(async () => saidIn(await logs(id)).endsWith('after'))
    const types = (await logs(id)).map(({ type }) => type)
    expect(types).toContain('error')
  })

  // proves: sessions.s22
  test('fifty wait, and no more', async () => {
    const { id } = await busy()
    for (let n = 0; n < 50; n++)
      expect((await stage().prompt(id, `echo ${n}`)).body).toMatchObject({ queued: true, position: n })

    const refused = await stage().prompt(id, 'echo too many')

    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.body.error).toContain('Queue is full (max 50 items)')
    expect(await queue(id)).toMatchObject({ size: 50, processing: true })
    expect((await call('DELETE', `${id}/queue`)).body).toEqual({ ok: true, cleared: 50 })
    await finish(id)
  })

  // proves: sessions.s22
  test('prompts that come at the same time all run, one after the other', async () => {
    const id = await stage().session()
    const texts = Array.from({ length: 10 }, (_, n) => `echo <${n}>`)

    const answers = await Promise.all(texts.map((text) => stage().prompt(id, text)))
    await finish(id)

    expect(answers.map(({ status }) => status)).toEqual(texts.map(() => 200))
    const ran = await eventually(async () => {
      const all = await prompts(id)
      return all.length === texts.length && all
    })
    expect([...ran].sort()).toEqual([...texts].sort())
    await eventually(async () => saidIn(await logs(id)) === ran.map((text) => text.slice(5)).join(''))
    // A turn begins when the one before has ended.
    const phases = (await logs(id))
      .filter(({ data }) => data.method === 'session/prompt')
      .map(({ data }) => data.phase)
    expect(phases).toEqual(texts.flatMap(() => ['request', 'response']))
  })

  // proves: sessions.s23
  test('the status says whether a turn runs and whether somebody is asked', async () => {
    const id = await stage().session()
    expect(await call('GET', `${id}/status`)).toMatchObject({ status: 200 })
    expect(await status(id)).toEqual({ processing: false, pendingPermission: false })

    const turn = stage().prompt(id, 'ask')
    const { requestId } = await eventually(async () => (await read(id)).pendingPermission)
    expect(await status(id)).toEqual({ processing: true, pendingPermission: true })
    await call('POST', `${id}/permissions/${requestId}`, { optionId: 'allow' })
    await turn

    expect(await status(id)).toEqual({ processing: false, pendingPermission: false })
    const waiting = stage().prompt(id, 'wait')
    await eventually(async () => (await status(id)).processing)
    expect(await status(id)).toEqual({ processing: true, pendingPermission: false })
    await call('POST', `${id}/cancel`)
    await waiting
  })
})
