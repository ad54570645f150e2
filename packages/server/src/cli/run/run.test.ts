// `parley run` against a real server and the agent that comes with it.
import { once } from 'node:events'
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Session, SessionStatus } from '@parley/sessions'
import { eventually } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Ended, type Environment, newPlace, parley, parleyUp, start } from '../parley.test.support.js'

/** A server with the demo agent alone, and its sessions. */
async function running() {
  const place: Environment = { ...(await newPlace()), PATH: '/usr/bin:/bin' }
  const { url } = await parleyUp(place)
  const { token } = JSON.parse(await readFile(join(place.PARLEY_DATA_DIR!, 'control.json'), 'utf8'))
  const ask = async <T>(path: string, method = 'GET'): Promise<T> => {
    const headers = { authorization: `Bearer ${token}` }
    // The cast: what the route answers.
    return (await (await fetch(`${url}/api${path}`, { method, headers })).json()) as T
  }
  // The process beside the agents outlives its server, and would outlive the test.
  onTestFinished(async () => void (await ask('/runtimes/local/stop', 'POST')))
  const sessions = () => ask<Session[]>('/agents')
  const isProcessing = async () => {
    const [session] = await sessions()
    return session && (await ask<SessionStatus>(`/agents/${session.id}/status`)).processing
  }
  return { place, sessions, isProcessing }
}

/** Starts the command with a pipe for its input, as a script does. */
function startRun(place: Environment, ...args: string[]) {
  const { child, output } = start(['run', ...args], place, { stdin: 'pipe' })
  const ended = once(child, 'close').then(([code]): Ended => ({ ...output, code: code as number | null }))
  return { child, ended, output }
}

describe('parley run', () => {
  it('prints what the agent says, ends its session, and waits for no input', async () => {
    const { place, sessions } = await running()

    const { ended } = startRun(place, 'echo Hello there')

    expect(await ended).toMatchObject({ code: 0, stdout: 'Hello there\n', stderr: '' })
    expect(await sessions()).toMatchObject([
      { status: 'killed', title: 'echo Hello there', cwd: process.cwd() },
    ])
  })

  it('works in a directory, and leaves its session open when it is told to', async () => {
    const { place, sessions } = await running()
    const directory = await realpath(join(place.PARLEY_DATA_DIR!, '..'))

    const said = await parley(place, 'run', 'cwd', '--agent', 'demo AGENT', '-C', directory, '--keep')

    const [session] = await sessions()
    expect(said).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(directory),
      stderr: `The session goes on: ${session!.id}\n`,
    })
    expect(session!.status).toBe('active')
  })

  it('refuses what the agent asks for, unless it was allowed before', async () => {
    const { place } = await running()

    const refused = await parley(place, 'run', 'ask 2')
    const allowed = await parley(place, 'run', 'ask 2', '--yes')

    expect(refused.stdout).toContain('1: reject\n')
    expect(refused.stdout).toContain('2: reject\n')
    expect(refused.stdout).not.toContain('1: allow')
    expect(allowed.stdout).toContain('1: allow\n')
    expect(allowed.stdout).toContain('2: allow\n')
    expect([refused.code, allowed.code]).toEqual([0, 0])
  })

  it('fails with the agent', async () => {
    const { place, sessions } = await running()

    const failed = await parley(place, 'run', 'fail')
    const crashed = await parley(place, 'run', 'crash')
    const refused = await parley(place, 'run', 'refuse')

    expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^The turn ended: .+\n$/m) })
    expect(crashed).toMatchObject({ code: 1 })
    expect(refused).toMatchObject({ code: 1, stderr: 'The turn ended: refusal\n' })
    expect((await sessions()).map(({ status }) => status)).toEqual(['killed', 'killed', 'killed'])
  })

  it('cancels the turn at Ctrl+C, and ends the session', async () => {
    const { place, sessions, isProcessing } = await running()
    const { child, ended } = startRun(place, 'wait')
    await eventually(isProcessing)

    child.kill('SIGINT')

    expect(await ended).toMatchObject({ code: 1, stderr: 'The turn ended: cancelled\n' })
    expect((await sessions())[0]!.status).toBe('killed')
  })

  it('says which agents there are, and that no server runs', async () => {
    const { place } = await running()

    expect(await parley(place, 'run', 'echo x', '--agent', 'nobody')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'parley: No agent is called nobody. There are: demo\n',
    })
    expect(await parley(await newPlace(), 'run', 'echo x')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^parley: No server runs on this data directory/),
    })
    expect((await parley(place, 'run')).stderr).toContain('Usage: parley run')
  })
})
