// H-26 today's clients, request by request: the agent command line and the browser client.
import assert from 'node:assert/strict'
import { base } from '../core/check.js'
import { ok, refused } from '../core/expect.js'
import type { ActionReport, ContextView, DiffView } from '../core/session.js'
import { agentFromPrompt } from '../reference/agent-client.js'
import { openPage } from '../reference/browser-client.js'
import { promptOf } from './prompt.js'

const schema = [
  { key: 'name', type: 'string', label: 'Name', required: true },
  { key: 'when', type: 'datetime', label: 'When', required: true },
  { key: 'size', type: 'enum', label: 'Size', options: [{ value: 's', label: 'Small' }, { value: 'l' }] },
]

export const clientChecks = [
  base('H-26.1', 'one paste: page, prompt, agent, pushes, an edit, a second turn', async (ctx) => {
    const page = await openPage(ctx, {
      mode: 'form-fill',
      schema,
      context: { name: '', when: '', size: '' },
      meta: {},
    })
    const line = await page.connect()
    const agent = agentFromPrompt(page.buildPrompt('Booking'))

    const before = ok<ContextView>(await agent.getContext())
    assert.deepEqual(before.missing, ['name', 'when'])

    const first = ok<ActionReport>(
      await agent.action({ name: 'Ada', when: '2026-07-01 09:00:00', size: 'xl' }, true, 50),
    )
    assert.deepEqual(first.applied, ['name', 'when'])
    assert.equal(first.errors[0]?.key, 'size')
    await line.next('done')
    assert.deepEqual(line.types(), ['connected', 'action', 'action', 'done'])

    await page.notifyUserEdit('name', 'Grace')
    const second = ok<ActionReport>(await agent.action({ name: 'Ada again', size: 'l' }, false))
    assert.deepEqual([second.applied, second.rejected], [['size'], ['name']])
    assert.deepEqual(second.context.name?.by, 'user_edit')
  }),

  base('H-26.2', 'the agent asks for what changed with the time it was told', async (ctx) => {
    const page = await openPage(ctx, { mode: 'form-fill', schema })
    const agent = agentFromPrompt(page.buildPrompt())
    ok(await agent.action({ name: 'Ada', size: 's' }, false))
    const { changes } = ok<DiffView>(await agent.getDiff())
    await page.notifyUserEdit('size', 'l')

    const later = ok<DiffView>(await agent.getDiff(changes[1]?.at))
    assert.deepEqual(
      later.changes.map(({ key, by }) => [key, by]),
      [['size', 'user_edit']],
    )
  }),

  base('H-26.3', 'the agent asks for more time, and the page is told', async (ctx) => {
    const page = await openPage(ctx, { mode: 'form-fill', schema })
    const line = await page.connect()
    const answer = ok(await agentFromPrompt(page.buildPrompt()).extend(600))

    assert.deepEqual([answer.ok, answer.extended], [true, 600])
    assert.ok(Number((await line.next('extended')).expiresIn) > 1800)
  }),

  base('H-26.4', 'an edit over the open socket locks the field for the agent', async (ctx) => {
    const page = await openPage(ctx, { mode: 'form-fill', schema })
    const line = await page.connect()
    const agent = agentFromPrompt(page.buildPrompt())
    ok(await agent.action({ name: 'Ada' }, true, 0))
    await page.notifyUserEdit('name', 'Grace', line)
    await page.notifyUserEdit('marker', 1)

    let rejected: unknown[] = []
    for (let tries = 0; tries < 40 && rejected.length === 0; tries++) {
      rejected = ok<ActionReport>(await agent.action({ name: 'Ada again' }, false)).rejected
    }
    assert.deepEqual(rejected, ['name'])
  }),

  base(
    'H-26.5',
    'a prompt with slashes behind the base URL, and comments around it, still works',
    async (ctx) => {
      const page = await openPage(ctx, { mode: 'form-fill', schema })
      const prompt = page.buildPrompt().replace(`baseUrl: ${ctx.url}`, `baseUrl: ${ctx.url}//`)

      ok(await agentFromPrompt(`Please help me.\n\n${prompt}\nThank you: very much`).getContext())
    },
  ),

  base('H-26.6', 'a refused agent gets a JSON object with an error text', async (ctx) => {
    const page = await openPage(ctx, { mode: 'form-fill', schema })
    const prompt = page.buildPrompt().replace(page.session.token, 'not-the-token')

    refused(await agentFromPrompt(prompt).getContext(), 403, 'invalid token')
  }),

  base('H-26.7', 'the server’s own prompt drives the agent through all its commands', async (ctx) => {
    const session = await ctx.form({ schema })
    const agent = agentFromPrompt(await promptOf(ctx, session))
    ok(await agent.getContext())

    assert.deepEqual(ok<ActionReport>(await agent.action({ name: 'Ada' }, true, 10)).applied, ['name'])
    assert.equal(ok<DiffView>(await agent.getDiff()).changes.length, 1)
    ok(await agent.extend())
  }),
]
