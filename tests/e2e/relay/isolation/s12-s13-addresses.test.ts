import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { listen } from '../support/listener.js'
import { type Gateway, openPlane, type Plane } from '../support/plane.js'

/** Addresses that lead to this machine or its network, with the port of a server that listens there. */
const inside = (port: string) => [
  `http://127.0.0.1:${port}/`,
  `http://localhost:${port}/`,
  `http://[::1]:${port}/`,
  `http://[::ffff:127.0.0.1]:${port}/`,
  `http://0.0.0.0:${port}/`,
  `http://0x7f000001:${port}/`,
  `http://2130706433:${port}/`,
  `http://0177.0.0.1:${port}/`,
  `http://127.1:${port}/`,
  'http://169.254.169.254/latest/meta-data/',
  'http://[fe80::1]/',
  'http://[fc00::1]/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
]
const noAddresses = [
  'file:///etc/passwd',
  'ftp://127.0.0.1/x',
  'data:text/plain,x',
  'gopher://127.0.0.1/',
  '//127.0.0.1/',
  'x',
]

const media = (source_url: string) => ({
  op: 'send_media',
  chat_id: 'direct-ana',
  media_kind: 'document',
  source_url,
  content: '',
})

async function openWithChat(options: Parameters<typeof openPlane>[0] = {}) {
  const plane = await openPlane(options)
  const gateway = await plane.enrol('org-a', 'a', { people: ['ana'] })
  const peer = await plane.greet(gateway)
  await plane.sim().say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text: 'hello' })
  const [{ bufferId }] = await peer.got('inbound')
  peer.ack(bufferId)
  return { plane, gateway, peer }
}

/** Puts the gateway to sleep and has something wait for it. */
async function wake(plane: Plane, gateway: Gateway, wakeUrl: string): Promise<void> {
  const set = await plane.call('/manage/wake', { wakeUrl }, { token: plane.tokenOf(gateway) })
  if (set.status !== 200) return
  await plane.pass(60_001)
  const pokes = plane.operator.counts().pokes ?? 0
  await plane.sim().say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text: 'wake up' })
  await eventually(() => (plane.operator.counts().pokes ?? 0) > pokes)
}

describe('an address of the own network', () => {
  // proves: relay.s12
  test('is not loaded as media', async () => {
    const { origin, hits } = await listen()
    const { plane, peer } = await openWithChat()
    const before = plane.sim().messages('direct-ana').length
    for (const url of [...inside(new URL(origin).port), ...noAddresses, plane.origin]) {
      const result = await plane.ask(peer, media(url))
      expect(result, url).toMatchObject({ success: false })
      expect(JSON.stringify(result)).not.toMatch(/ECONN|getaddrinfo|127\.0\.0\.1/)
    }
    expect(hits).toEqual([])
    expect(plane.sim().messages('direct-ana')).toHaveLength(before)
  })

  // proves: relay.s12
  test('is not reached by a redirect', async () => {
    const secret = await listen(undefined, '127.0.0.2')
    const { origin, hits } = await listen((_, response) =>
      response.writeHead(302, { location: `${secret.origin}/latest/meta-data` }).end(),
    )
    const { plane, gateway, peer } = await openWithChat({ allowPrivateAddresses: ['127.0.0.1'] })
    expect(await plane.ask(peer, media(`${origin}/x.png`))).toMatchObject({ success: false })
    peer.send({ type: 'going_idle' })
    await peer.got('going_idle_ack')
    await wake(plane, gateway, `${origin}/wake`)
    await eventually(() => hits.some(({ path }) => path === '/wake'))

    expect(hits.map(({ path }) => path)).toEqual(['/x.png', '/wake'])
    expect(secret.hits).toEqual([])
  })

  // proves: relay.s12
  test('is not poked', async () => {
    const { origin, hits } = await listen()
    const { plane, gateway, peer } = await openWithChat()
    peer.send({ type: 'going_idle' })
    await peer.got('going_idle_ack')
    for (const url of inside(new URL(origin).port).slice(0, 9)) await wake(plane, gateway, url)
    for (const url of noAddresses)
      expect(
        (await plane.call('/manage/wake', { wakeUrl: url }, { token: plane.tokenOf(gateway) })).status,
      ).toBe(400)
    expect(hits).toEqual([])
  })
})

// proves: relay.s13, relay.f20
test('nothing that a gateway proves itself by is shown to whom the connector calls', async () => {
  const { origin, hits } = await listen()
  const { plane, gateway, peer } = await openWithChat({ allowPrivateAddresses: ['127.0.0.1'] })
  const source = `${origin}/relay/media/0123456789abcdef0123456789abcdef`
  expect(await plane.ask(peer, media(source))).toMatchObject({ success: true })
  peer.send({ type: 'going_idle' })
  await peer.got('going_idle_ack')
  await wake(plane, gateway, `${origin}/wake?who=me`)
  await eventually(() => hits.length === 2)

  expect(hits.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['GET', '/relay/media/0123456789abcdef0123456789abcdef', ''],
    ['GET', '/wake?who=me', ''],
  ])
  for (const { headers } of hits) {
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['authorization', 'cookie', 'referer']))
    expect(headers.authorization).toBeUndefined()
    expect(JSON.stringify(headers)).not.toMatch(/gw-a|inst-a|org-a|ana/)
  }
})
