// The story without a browser: a page hands its form over, an agent fills it, and the person has the last word.
import { strict as assert } from 'node:assert'
import { HandshakeClient } from '@parley/handshake/client'
import { fillForm } from './agent.js'
import { startPage } from './page.js'

const { url, stop } = await startPage(0)
try {
  await pageIsServed()
  await storyHolds()
  console.info('The story holds: the agent filled the form, and the person had the last word.')
} finally {
  await stop()
}

async function pageIsServed(): Promise<void> {
  const page = await (await fetch(url)).text()
  assert.match(page, /bindForm/)
  const { imports } = JSON.parse(/"importmap">(.*?)<\/script>/s.exec(page)?.[1] ?? '') as ImportMap
  const seen = await loadModules(imports, Object.values(imports))
  assert(seen.size > 20, 'the page imports the client')
  assert.equal((await fetch(`${url}/modules/handshake/../../package.json`)).status, 404)
}

type ImportMap = { imports: Record<string, string> }

/** Follows imports as a browser would; every one must be there, and every package in the map. */
async function loadModules(
  map: ImportMap['imports'],
  paths: string[],
  seen = new Set<string>(),
): Promise<Set<string>> {
  for (const path of paths.filter((one) => !seen.has(one))) {
    seen.add(path)
    const answer = await fetch(url + path)
    assert.equal(answer.status, 200, `${path} is missing`)
    const imports = (await answer.text()).matchAll(/^(?:import|export)[^'";]*?from ['"]([^'"]+)['"]/gm)
    const targets = [...imports].map(([, name]) => (name!.startsWith('.') ? name! : map[name!]))
    assert(!targets.includes(undefined), `${path} imports a package that the page does not name`)
    await loadModules(
      map,
      targets.map((target) => new URL(target!, url + path).pathname),
      seen,
    )
  }
  return seen
}

async function storyHolds(): Promise<void> {
  const page = new HandshakeClient({ baseUrl: url })
  const fields = ['name', 'city', 'branch'].map((key) => ({ key, type: 'string' }))
  await page.createSession({
    mode: 'form-fill',
    schema: [...fields, { key: 'born', type: 'int' }],
    context: { name: 'Ada' },
  })

  assert.deepEqual(
    await fillForm(page.buildPrompt(), 1),
    ['city', 'branch', 'born'],
    'the agent fills what is blank',
  )
  await page.notifyUserEdit('city', '')
  await page.notifyUserEdit('born', 1815)
  assert.deepEqual(
    await fillForm(page.buildPrompt(), 1),
    [],
    'what the person has touched stays theirs, even cleared',
  )

  const state = await page.getContext()
  assert('context' in state)
  const values = Object.entries(state.context as Record<string, { value: unknown; by: string }>)
  assert.deepEqual(values.map(([key, { value, by }]) => [key, value, by]).sort(), [
    ['born', 1815, 'user_edit'],
    ['branch', 'harbour', 'ai'],
    ['city', '', 'user_edit'],
    ['name', 'Ada', 'user'],
  ])
  await page.revoke()
  await assert.rejects(fillForm(page.buildPrompt()), { status: 404 }, 'a revoked prompt opens nothing')
}
