import { expect, it } from 'vitest'
import type { AgentTemplate } from '../protocol/index.js'
import { ann, bob, openCore, scriptedRuntime } from './core.test.support.js'
import { seedTemplates } from './templates.js'
import { isUuid } from './uuid.js'

const runtimes = { local: scriptedRuntime().runtime, docker: scriptedRuntime().runtime }
const managed = (id: string): AgentTemplate => ({
  id,
  name: id,
  spawn: { command: 'node', args: [] },
  runtime: { provider: 'local', image: 'kept', env: { SECRET: '1' } },
})
const body = { name: 'Mine', spawn: { command: 'node', args: ['a.js'] } }
const names = (templates: readonly AgentTemplate[]) => templates.map(({ name }) => name)

it('lists managed ones in their order, then those of users; what is not configured any more goes', async () => {
  const core = await openCore({ runtimes })
  await seedTemplates(core, [managed('z'), managed('a')])
  await core.service.registerAgentTemplate(ann, body)
  expect(names(await core.service.listAgentTemplates(bob))).toEqual(['z', 'a', 'Mine'])

  await seedTemplates(core, [managed('a')])

  expect(names(await core.service.listAgentTemplates(bob))).toEqual(['a', 'Mine'])
})

it('registers with the first runtime type, and keeps only what the contract names', async () => {
  const { service, clock } = await openCore({ runtimes })

  const plain = await service.registerAgentTemplate(ann, body)
  await clock.advance(1)
  const full = await service.registerAgentTemplate(ann, {
    ...body,
    runtime: { provider: 'docker', setup: 'npm ci', env: { A: '1' }, image: 'dropped' },
    env: { B: '2' },
  })

  expect(isUuid(plain.id)).toBe(true)
  expect(plain).toEqual({ ...body, id: plain.id, runtime: { provider: 'local' } })
  expect(full).toEqual({
    ...body,
    id: full.id,
    runtime: { provider: 'docker', setup: 'npm ci', env: { A: '1' } },
    env: { B: '2' },
  })
  expect(await service.listAgentTemplates(ann)).toEqual([plain, full])
})

it('merges the runtime of an update and replaces the rest', async () => {
  const core = await openCore({ runtimes })
  await seedTemplates(core, [{ ...managed('m'), env: { OLD: '1' } }])

  const updated = await core.service.updateAgentTemplate(ann, 'm', {
    name: 'New',
    runtime: { setup: 'make' },
    env: { NEW: '1' },
  })

  expect(updated).toEqual({
    ...managed('m'),
    name: 'New',
    runtime: { ...managed('m').runtime, setup: 'make' },
    env: { NEW: '1' },
  })
  expect(await core.service.updateAgentTemplate(ann, 'm', {})).toEqual(updated)
  expect(await core.service.listAgentTemplates(ann)).toEqual([updated])
})

it('refuses what it does not know', async () => {
  const core = await openCore({ runtimes })
  await seedTemplates(core, [managed('m')])
  const unknown = { status: 400, message: 'Unknown runtime: "mars". Available: local, docker' }
  const runtime = { provider: 'mars' }

  await expect(core.service.registerAgentTemplate(ann, { ...body, runtime })).rejects.toMatchObject(unknown)
  await expect(core.service.updateAgentTemplate(ann, 'm', { runtime })).rejects.toMatchObject(unknown)
  const missing = { status: 404, message: 'Agent template "x" not found' }
  await expect(core.service.updateAgentTemplate(ann, 'x', body)).rejects.toMatchObject(missing)
  await expect(core.service.deleteAgentTemplate(ann, 'x')).rejects.toMatchObject(missing)
})

it('deletes what users registered, and nothing of the configuration', async () => {
  const core = await openCore({ runtimes })
  await seedTemplates(core, [managed('m')])
  const { id } = await core.service.registerAgentTemplate(ann, body)

  await core.service.deleteAgentTemplate(ann, id)

  await expect(core.service.deleteAgentTemplate(ann, 'm')).rejects.toMatchObject({ status: 409 })
  expect(names(await core.service.listAgentTemplates(ann))).toEqual(['m'])
})

it('shows environments only to whoever may write them, and lets nobody else write', async () => {
  const core = await openCore({ runtimes })
  await seedTemplates(core, [{ ...managed('m'), env: { ALSO: '2' } }])

  expect(await core.service.listAgentTemplates(bob)).toEqual([
    { id: 'm', name: 'm', spawn: managed('m').spawn, runtime: { provider: 'local', image: 'kept' } },
  ])
  for (const refused of [
    () => core.service.registerAgentTemplate(bob, body),
    () => core.service.updateAgentTemplate(bob, 'm', body),
    () => core.service.deleteAgentTemplate(bob, 'm'),
  ])
    await expect(refused()).rejects.toMatchObject({ status: 403 })
})
