import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { openServer } from '../server.test.support.js'
import { version } from '../version.js'

it('tells anybody that it lives and is ready, and the version of its package', async () => {
  const { call } = await openServer()
  const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))

  expect((await call('/healthz', { key: null })).body).toEqual({ status: 'ok', version: manifest.version })
  expect((await call('/readyz', { key: null })).body).toEqual({ status: 'ready' })
  expect(version).toBe(manifest.version)
})

it('shows measurements to those who may do everything', async () => {
  const { call, newKey } = await openServer()
  const { key } = await newKey('handshake:read', 'keys:write')

  expect((await call('/metrics', { key: null })).status).toBe(401)
  expect((await call('/metrics', { key })).status).toBe(403)
  const { text, headers } = await call('/metrics')
  expect(headers.get('content-type')).toContain('text/plain')
  expect(text).toMatch(/http_answer_seconds_count\{method="GET",status="4xx",route="\/metrics"\} 2/)
})
