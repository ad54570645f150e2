import { expect, test } from 'vitest'
import { HostError } from '../errors.js'
import type { HostCall, HostRoute } from '../port.js'
import { openTestRouter } from './router.test.support.js'

const show = ({ params, query, body }: HostCall) => ({ status: 200, body: { params, query, body } })

const routes: HostRoute[] = [
  ['GET', '/health', () => ({ status: 200, body: 'ok' })],
  ['GET', '/sessions/:id/files', show],
  ['POST', '/sessions/:id/permissions/:requestId', show],
  ['GET', '/internal', show],
  ['GET', '/fs/refused', () => Promise.reject(new HostError(403, 'Path outside workspace'))],
  ['GET', '/fs/broken', () => Promise.reject(new Error('disk on fire'))],
]

test('segments of the path arrive decoded, with query and body', async () => {
  const { router } = await openTestRouter(routes)

  const answer = await router.answer({
    method: 'POST',
    path: '/sessions/a%2Fb/permissions/r%20%C3%BC',
    query: { q: '1' },
    body: { optionId: 'x' },
  })

  expect(answer).toEqual({
    status: 200,
    body: { params: { id: 'a/b', requestId: 'r ü' }, query: { q: '1' }, body: { optionId: 'x' } },
  })
})

test.each([
  ['GET', '/nothing'],
  ['POST', '/health'],
  ['GET', '/health/'],
  ['GET', '/sessions//files'],
  ['GET', '/sessions/%E0%A4%A/files'],
  ['GET', '/sessions/a/b/files'],
])('%s %s is not found', async (method, path) => {
  const { router } = await openTestRouter(routes)

  expect(await router.answer({ method, path })).toEqual({ status: 404, body: { error: 'Not found' } })
})

test('a refusal is answered with its status, a fault with 500 and reported', async () => {
  const { router, faults } = await openTestRouter(routes)

  expect(await router.answer({ method: 'GET', path: '/fs/refused' })).toEqual({
    status: 403,
    body: { error: 'Path outside workspace' },
  })
  expect(faults).toEqual([])
  expect(await router.answer({ method: 'GET', path: '/fs/broken' })).toEqual({
    status: 500,
    body: { error: 'disk on fire' },
  })
  expect(faults).toMatchObject([{ message: 'disk on fire' }])
})

test('over the link only paths of the contract are answered', async () => {
  const { router } = await openTestRouter(routes)
  const statusOf = async (path: string) => (await router.answerLink({ method: 'GET', path })).status

  expect(await statusOf('/health')).toBe(200)
  expect(await statusOf('/sessions/a/files')).toBe(200)
  expect(await statusOf('/internal')).toBe(404)
  expect((await router.answer({ method: 'GET', path: '/internal' })).status).toBe(200)
})
