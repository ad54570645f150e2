import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../config/load.js'
import { readAgentsFile } from './agents-file.js'
import { isOnPath } from './find-on-path.js'
import { agentTemplates, demoTemplate } from './templates.js'

let place: string
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'parley-agents-'))
  return () => rm(place, { recursive: true, force: true })
})

async function written(content: unknown): Promise<string> {
  const file = join(place, 'agents.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

/** A directory with programs of these names. */
async function folder(name: string, ...programs: string[]): Promise<string> {
  const path = join(place, name)
  await mkdir(path)
  for (const program of programs) await writeFile(join(path, program), '#!/bin/sh\n', { mode: 0o755 })
  return path
}

function problemsOf(file: string): readonly string[] {
  try {
    readAgentsFile(file)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('the file of agents', () => {
  it('names agents in its order, with what they are started by', async () => {
    const file = await written({
      reviewer: {
        name: 'The reviewer',
        command: 'npx',
        args: ['reviewer'],
        env: { KEY: 'k' },
        setup: 'npm ci',
      },
      plain: { command: '/opt/plain' },
    })

    expect(readAgentsFile(file)).toEqual([
      {
        id: 'reviewer',
        name: 'The reviewer',
        spawn: { command: 'npx', args: ['reviewer'] },
        runtime: { provider: 'local', setup: 'npm ci' },
        env: { KEY: 'k' },
      },
      {
        id: 'plain',
        name: 'plain',
        spawn: { command: '/opt/plain', args: [] },
        runtime: { provider: 'local' },
      },
    ])
  })

  it.each([
    ['no JSON', '{"a":', /^PARLEY_AGENTS: .*agents\.json: /],
    ['a list', [], /agents\.json: : /],
    ['an agent without a command', { a: {} }, /agents\.json: a\.command: /],
    ['an empty command', { a: { command: '' } }, /agents\.json: a\.command: /],
    ['arguments that are one text', { a: { command: 'x', args: '--fast' } }, /agents\.json: a\.args: /],
    ['a variable that is no text', { a: { command: 'x', env: { PORT: 1 } } }, /agents\.json: a\.env\.PORT: /],
    ['a member nobody knows', { a: { command: 'x', cmd: 'y' } }, /agents\.json: a: .*cmd/],
    ['a name that is no name', { 'a/b': { command: 'x' } }, /agents\.json: a\/b: /],
  ])('says where it does not fit: %s', async (_what, content, expected) => {
    const problems = problemsOf(await written(content))

    expect(problems.join('\n')).toMatch(expected)
    expect(problems).toHaveLength(1)
  })

  it('says that it is not there', () => {
    expect(problemsOf(join(place, 'none.json'))).toEqual([expect.stringMatching(/^PARLEY_AGENTS: .*ENOENT/)])
  })
})

describe('the PATH', () => {
  it('has what is a program in one of its folders, and nothing else', async () => {
    const [first, second] = [await folder('first'), await folder('second', 'codex-acp')]
    await writeFile(join(first, 'text'), 'no program', { mode: 0o644 })
    await mkdir(join(first, 'codex'))
    await chmod(join(first, 'codex'), 0o755)
    const path = [first, '', join(place, 'gone'), second].join(delimiter)

    expect(isOnPath('codex-acp', path)).toBe(true)
    for (const name of ['text', 'codex', 'nothing']) expect(isOnPath(name, path), name).toBe(false)
    expect(isOnPath('codex-acp', '')).toBe(false)
  })
})

describe('the agents of a server', () => {
  const ids = (config: { agentsFile?: string; demoAssistants?: boolean }, path: string) =>
    agentTemplates({ agentsFile: undefined, demoAssistants: true, dataDir: place, ...config }, path).map(
      ({ id }) => id,
    )

  it('are those of the file, what is installed, and the demo agent', async () => {
    const bin = await folder('bin', 'opencode', 'gemini')
    const agentsFile = await written({ mine: { command: 'x' } })

    expect(ids({ agentsFile }, bin)).toEqual(['mine', 'gemini', 'opencode', 'demo'])
    expect(ids({ demoAssistants: false }, '')).toEqual([])
  })

  it('may be replaced by the file', async () => {
    const bin = await folder('bin', 'opencode')
    const agentsFile = await written({ opencode: { command: '/mine' }, demo: { command: '/other' } })

    const found = agentTemplates({ agentsFile, demoAssistants: true, dataDir: place }, bin)

    expect(found.map(({ id, spawn }) => [id, spawn.command])).toEqual([
      ['opencode', '/mine'],
      ['demo', '/other'],
    ])
  })

  it('include a demo agent that is a program, and remembers where it is told to', () => {
    expect(demoTemplate().spawn.args).not.toContain('--state')
    expect(demoTemplate('/state')).toMatchObject({
      id: 'demo',
      name: 'Demo agent',
      spawn: {
        command: process.execPath,
        args: [expect.stringMatching(/demo-agent/), '--modes', '--models', '--load', '--state', '/state'],
      },
    })
  })
})
