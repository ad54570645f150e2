import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { demoAgent, shortly, TestHost, type Wire } from '../host/session/sessions.test.support.js'
import { words } from './words/index.js'

const updatesOf = (host: TestHost): Wire[] => host.of('rpc').flatMap(({ payload }) => payload?.update ?? [])

async function after(text: string, args: readonly string[] = []) {
  const host = await TestHost.open()
  await host.start(args)
  const said = await host.say(text)
  const [end] = host.rpc().slice(-1)
  return { said, updates: updatesOf(host), end: end?.payload, host }
}

test('the help names every word and option', () => {
  const { stdout, status } = spawnSync(process.execPath, [demoAgent, '--help'], { encoding: 'utf8' })

  expect(status).toBe(0)
  for (const word of words.keys()) expect(stdout).toMatch(new RegExp(`^ {2}${word}\\b`, 'm'))
  for (const option of ['load', 'resume', 'state', 'slow-start', 'fail-start', 'modes', 'models'])
    expect(stdout).toContain(`--${option}`)
})

test('options that need another one, or are unknown, are refused', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [demoAgent, ...args], { encoding: 'utf8', input: '' })

  expect(run('--load')).toMatchObject({ status: 2, stdout: '--load and --resume need --state DIR.\n' })
  expect(run('--nonsense').status).not.toBe(0)
})

test('what is no word is answered with what the agent can do', async () => {
  const { said, end } = await after('What *is* this?')

  expect(said).toContain('You said:')
  expect(said).toContain('**demo agent**')
  expect(end).toEqual({ stopReason: 'end_turn' })
})

test('chunks come in the number and size that was asked for', async () => {
  const { updates } = await after('chunks 3 20')

  expect(updates.map(({ content }) => content.text)).toEqual([
    'chunk 1 ............',
    'chunk 2 ............',
    'chunk 3 ............',
  ])
})

test.each([
  ['think', ['agent_thought_chunk', 'agent_thought_chunk', 'agent_message_chunk']],
  ['plan', ['plan', 'plan', 'plan', 'plan', 'agent_message_chunk']],
  ['tool', ['tool_call', 'tool_call_update', 'tool_call_update', 'agent_message_chunk']],
  ['mode ask', ['current_mode_update']],
  ['commands', ['available_commands_update']],
])('%s shows how that looks', async (word, kinds) => {
  const { updates } = await after(word)

  expect(updates.map(({ sessionUpdate }) => sessionUpdate)).toEqual(kinds)
})

test('a tool call shows a diff of a file in the workspace', async () => {
  const { updates, host } = await after('tool')

  expect(updates[2]).toMatchObject({
    content: [{ type: 'diff', path: `${host.dir}/greeting.txt` }, { type: 'content' }],
  })
})

test('it can sleep, refuse, and say where it is', async () => {
  expect((await after('sleep 1')).said).toBe('I slept well.')
  expect((await after('refuse')).end).toEqual({ stopReason: 'refusal' })
  const { said, host } = await after('cwd')
  expect(said).toBe(host.dir)
})

test('flood writes as many pieces as it was told to', async () => {
  const { updates } = await after('flood 401')

  expect(updates).toHaveLength(401)
})

test('crash exits with 7', async () => {
  const host = await TestHost.open()
  await host.start()
  await host.prompt('crash')

  expect(await host.until('session.terminated')).toMatchObject([{ exitCode: 7 }])
  expect(shortly(host.events)).not.toContain('session.resumed')
})
