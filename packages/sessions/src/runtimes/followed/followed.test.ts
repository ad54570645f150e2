import { eventually } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { openPlane } from '../../plane.test.support.js'
import type { Runtime } from '../../protocol/index.js'
import { type Generation, openScriptedHost } from '../external/scripted-host.test.support.js'

const spawn = { command: 'scripted', args: [] }

/** A runtime as others write it: it knows a host, and passes requests on. */
async function opened(generation: Generation) {
  const scripted = await openScriptedHost(generation)
  onTestFinished(() => scripted.close())
  class Fleet implements Runtime {
    async fetchSession(sessionId: string, request: Request): Promise<Response> {
      const { pathname } = new URL(request.url)
      const { method } = request
      const body = method === 'GET' ? undefined : await request.text()
      const answer = await fetch(`${scripted.url}/sessions/${sessionId}${pathname}`, { method, body })
      if (pathname !== '/start' || !answer.ok) return answer
      const websocketUrl = scripted.url.replace('http', 'ws')
      return Response.json({ ...((await answer.json()) as object), hostUrl: scripted.url, websocketUrl })
    }
  }
  const plane = await openPlane({ runtimes: { fleet: new Fleet() } })
  const { body } = await plane.call('alice', 'POST', '/agents', { spawn, cwd: '/w' })
  const read = async () => (await plane.call('alice', 'GET', `/agents/${body.id}`)).body
  return { plane, scripted, id: body.id, read }
}

it('what happens on the socket of a foreign runtime is stored, also its end', async () => {
  const { plane, scripted, id, read } = await opened('b')

  const prompted = await plane.call('alice', 'POST', `/agents/${id}/prompts`, { text: 'echo hello' })

  expect(prompted.body).toMatchObject({ stopReason: 'end_turn' })
  const methods = await eventually(async () => {
    const { logs } = await read()
    const found = logs.map(({ data }: { data: { method?: string } }) => data.method)
    return found.includes('session/update') && found
  })
  expect(methods.slice(0, 2)).toEqual(['initialize', 'session/new'])
  scripted.host.kill(id)
  await eventually(async () => (await read()).status === 'killed')
  expect(plane.faults).toEqual([])
})

it('a question on that socket is answered by a person', async () => {
  const { plane, id, read } = await opened('b')
  const over = plane.call('alice', 'POST', `/agents/${id}/prompts`, { text: 'ask' })
  const { requestId } = await eventually(async () => (await read()).pendingPermission)

  const path = `/agents/${id}/permissions/${requestId}`
  expect(await plane.call('alice', 'POST', path, { optionId: 'allow' })).toMatchObject({ status: 200 })

  expect((await over).body).toMatchObject({ stopReason: 'end_turn' })
})
