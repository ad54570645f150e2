import { describe, expect, test } from 'vitest'
import { bothGrounds, openPlane, telegram } from './support/plane.js'

describe.each(bothGrounds)('on $name', (on) => {
  // proves: relay.f21
  test('a gateway that is revoked is cut off, and nothing of it is left', async () => {
    const plane = await openPlane({ on })
    const gateway = await plane.enrol('org-a', 'a', { people: ['ana'] })
    const other = await plane.enrol('org-a', 'other', { people: ['al'] })
    const [peer, second, calm] = [
      await plane.greet(gateway),
      await plane.greet(gateway, telegram),
      await plane.greet(other),
    ]
    await plane.sim().say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text: 'not acknowledged' })
    await second.got('inbound')
    const token = plane.tokenOf(gateway)
    const uploaded = await plane.call('/relay/media', 'bytes', {
      token,
      headers: { 'content-type': 'text/plain' },
    })

    expect((await plane.call('/manage/deprovision', {}, { token })).status).toBe(200)

    for (const gone of [peer, second])
      expect(await gone.closedWith()).toEqual({ code: 4401, reason: 'unauthorized' })
    const again = await plane.dial(gateway)
    expect(await again.closedWith()).toEqual({ code: 4401, reason: 'unauthorized' })
    expect(again.texts).toEqual([])
    const { operator } = plane
    expect((await operator.listInstances({ tenant: 'org-a' })).map(({ instanceId }) => instanceId)).toEqual([
      'inst-other',
    ])
    expect((await operator.listLinks({ tenant: 'org-a' })).map(({ userId }) => userId)).toEqual(['al', 'al'])
    const read = await plane.call(`/relay/media/${uploaded.body.id}`, undefined, {
      method: 'GET',
      token: plane.tokenOf(other),
    })
    expect(read.status).toBe(404)
    await calm.read()
    expect(calm.closed).toBeUndefined()
  })
})
