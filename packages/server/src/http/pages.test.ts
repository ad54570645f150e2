import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openServer, rawRequest } from '../server.test.support.js'
import { type ConsoleFiles, consoleResponse, loadConsole } from './console-files.js'

/** A console of three files, beside a secret it must not show. */
async function smallConsole(): Promise<ConsoleFiles> {
  const parent = await mkdtemp(join(tmpdir(), 'parley-console-'))
  onTestFinished(() => rm(parent, { recursive: true, force: true }))
  const directory = join(parent, 'dist')
  await mkdir(join(directory, 'assets'), { recursive: true })
  await writeFile(join(parent, 'secret.txt'), 'secret')
  await writeFile(join(directory, 'index.html'), 'the console')
  await writeFile(join(directory, 'demo.html'), 'the demo')
  await writeFile(join(directory, 'assets', 'app-1a2b.js'), 'script')
  await symlink(join(parent, 'secret.txt'), join(directory, 'linked.txt'))
  return (await loadConsole(directory))!
}

describe('files of the console', () => {
  it('are answered with their type; those with a hash in their name are kept for long', async () => {
    const files = await smallConsole()

    const script = consoleResponse(files, '/assets/app-1a2b.js')!
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect(consoleResponse(files, '/')!.headers.get('cache-control')).toBe('no-cache')
  })

  it('addresses of the console itself get its page, and the demo its own', async () => {
    const files = await smallConsole()
    const textOf = (path: string) => consoleResponse(files, path)!.text()

    for (const path of ['/', '/sign-in', '/handshakes/0123456789abcdef'])
      expect(await textOf(path)).toBe('the console')
    for (const path of ['/demo', '/demo/', '/demo.html']) expect(await textOf(path)).toBe('the demo')
  })

  it('nothing else is there', async () => {
    const files = await smallConsole()
    const paths = [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/linked.txt',
      '/no.js',
      '/assets/no',
      '/__proto__.js',
    ]

    for (const path of paths) expect(consoleResponse(files, path), path).toBeUndefined()
    expect(await loadConsole(join(tmpdir(), 'no-such-folder-of-parley'))).toBeUndefined()
  })
})

describe('pages', () => {
  it('are framed by nobody and run no script but ours', async () => {
    const { call } = await openServer()

    for (const path of ['/', '/docs/api']) {
      const { headers } = await call(path, { key: null })
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy, path).toContain("script-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })

  it('outside the console cannot be reached by any spelling', async () => {
    const { url } = await openServer()
    const paths = [
      '/../package.json',
      '/..%2fpackage.json',
      '/assets/..%5c..%5cpackage.json',
      '//etc/passwd',
      '/%00',
      '/assets/%2e%2e/%2e%2e/package.json',
    ]

    for (const path of paths) {
      const { text, status } = await rawRequest(url, path)
      expect(text, path).not.toMatch(/"workspaces"|"name": "@parley|root:/)
      expect([200, 400, 404], path).toContain(status)
    }
  })

  it('that are not there are problems: 404, and 405 with what is allowed', async () => {
    const { call } = await openServer()

    for (const path of ['/parley/v1/nothing', '/parley/v1', '/nothing.png', '/assets/nothing']) {
      const { status, body } = await call(path)
      expect([path, status, body.code]).toEqual([path, 404, 'kernel.not_found'])
    }
    for (const path of ['/parley/v1/nothing', '/nothing'])
      expect(await call(path, { method: 'POST' })).toMatchObject({
        status: 404,
        body: { code: 'kernel.not_found' },
      })
    const wrong = await call('/parley/v1/keys/key_1', { body: {} })
    expect([wrong.status, wrong.body.code, wrong.headers.get('allow')]).toEqual([
      405,
      'kernel.method_not_allowed',
      'DELETE',
    ])
    expect((await call('/parley/v1/me', { method: 'DELETE' })).headers.get('allow')).toBe('HEAD, GET')
  })
})

describe('the API page', () => {
  it('shows the document without anything from elsewhere', async () => {
    const { call } = await openServer()

    const page = await call('/docs/api', { key: null })
    const script = await call('/docs/api.js', { key: null })

    expect(page.text).toContain('data-url="/openapi.json"')
    expect(page.text).not.toMatch(/https?:/)
    expect(script.headers.get('content-type')).toContain('text/javascript')
    expect(script.text.length).toBeGreaterThan(100_000)
  })

  it('is in memory once, however many ask for its script and read nothing', async () => {
    const { call, url } = await openServer()
    await call('/docs/api.js', { key: null })
    const before = process.memoryUsage().arrayBuffers
    const { hostname, port, host } = new URL(url)
    const client = connect(Number(port), hostname).pause()
    onTestFinished(() => void client.destroy())

    client.write(`GET /docs/api.js HTTP/1.1\r\nhost: ${host}\r\n\r\n`.repeat(60))
    await eventually(async () => {
      const { text } = await call('/metrics')
      return Number(/answer_seconds_count\{method="GET",status="2xx",route="\/"\} (\d+)/.exec(text)?.[1]) > 60
    })

    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024)
  })
})
