import { expect, test } from 'vitest'
import { listen, Peer } from '../peer.test.support.js'
import { openPlane, type Page, type Plane } from '../plane.test.support.js'

const claim = ({ call }: Plane, page: Page, body: object = {}, token = page.token) =>
  call('POST', `/handshake/session/${page.id}/claim`, { token, body })

// proves: handshake.h28
test('the token of a prompt is traded once; then it opens nothing', async () => {
  const plane = await openPlane()
  const page = await plane.create()

  const first = await claim(plane, page, { label: 'My\nagent', agent: 'cli/1' })
  const { agentToken } = first.body

  expect(first.status).toBe(200)
  expect(first.body).toMatchObject({
    agentToken: expect.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{31}$/),
    expiresIn: 1799,
    contextUrl: page.contextUrl,
    actionUrl: page.actionUrl,
  })
  const again = await claim(plane, page)
  expect([again.status, again.body]).toEqual([409, { error: 'already claimed' }])
  expect((await plane.context(page)).body).toEqual({ error: 'invalid token' })
  expect((await plane.act(page, [])).status).toBe(403)
  expect((await plane.context(page, agentToken)).status).toBe(200)
})

// proves: handshake.h28
test('of twenty claims at once one wins', async () => {
  const plane = await openPlane()
  const page = await plane.create()

  const answers = await Promise.all(Array.from({ length: 20 }, () => claim(plane, page)))

  const winners = answers.filter(({ status }) => status === 200)
  expect(winners).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(19)
  expect((await plane.context(page, winners[0]?.body.agentToken)).status).toBe(200)
})

// proves: handshake.h28
test('the page is told who claimed, and sockets that came with the prompt are closed', async () => {
  const plane = await openPlane()
  const url = await listen(plane.handshake)
  const page = await plane.create()
  const browser = await Peer.open(url + page.wsUrl)
  const watcher = await Peer.open(`${url}/ws/handshake/${page.id}?token=${page.token}`)

  const { body } = await claim(plane, page, { label: 'Agent' })

  expect(await browser.until('claimed')).toMatchObject({ claimId: body.claimId, label: 'Agent', agent: null })
  expect(await watcher.untilClosed()).toMatchObject({ code: 1000 })
  expect(watcher.frames.at(-1)).toEqual({ type: 'error', msg: 'invalid token' })
  expect(watcher.types).not.toContain('claimed')
  expect(browser.closed).toBeUndefined()

  const agent = await Peer.open(`${url}/ws/handshake/${page.id}?token=${body.agentToken}`)
  const back = await Peer.open(`${url}${page.wsUrl}?token=${page.token}`)
  expect([agent.types, back.frames[0]]).toEqual([['connected'], expect.objectContaining({ claimed: true })])
})

test('a wrong token claims nothing, and one in the query is not read', async () => {
  const plane = await openPlane()
  const page = await plane.create()

  expect((await claim(plane, page, {}, 'wrong')).body).toEqual({ error: 'invalid token' })
  const byQuery = await plane.call('POST', `/handshake/session/${page.id}/claim?token=${page.token}`)
  expect(byQuery.status).toBe(403)
  expect((await claim(plane, page)).status).toBe(200)
})

test('where claiming is required, the prompt opens nothing else, sockets included', async () => {
  const plane = await openPlane({ requireClaim: true })
  const url = await listen(plane.handshake)
  const page = await plane.create()
  const msg = `claim this prompt first: POST /handshake/session/${page.id}/claim`

  const refused = await plane.context(page)
  const socket = await Peer.open(`${url}/ws/handshake/${page.id}?token=${page.token}`)

  expect([refused.status, refused.body]).toEqual([403, { error: msg, claimUrl: msg.split(' ').at(-1) }])
  expect(socket.frames).toEqual([{ type: 'error', msg }])
  expect(await socket.untilClosed()).toMatchObject({ code: 1000 })
  expect((await Peer.open(url + page.wsUrl)).types).toEqual(['connected'])
  const { body } = await claim(plane, page)
  expect((await plane.context(page, body.agentToken)).status).toBe(200)
})
