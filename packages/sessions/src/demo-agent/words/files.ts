import { resolve } from 'node:path'
import { methods } from '@agentclientprotocol/sdk'
import { numberAt, type Turn, type Word } from '../turn.js'

/** Files, read and written by the client. */
export const files: Record<string, Word> = {
  read: {
    takes: 'PATH [LINE LIMIT]',
    does: 'reads a file through the client and says what is in it',
    run: (turn) => sayingRefusals(turn, () => read(turn)),
  },
  write: {
    takes: 'PATH TEXT',
    does: 'writes a file through the client',
    run: (turn) => sayingRefusals(turn, () => write(turn)),
  },
}

async function read(turn: Turn): Promise<void> {
  const { content } = await turn.client.request(methods.client.fs.readTextFile, {
    sessionId: turn.sessionId,
    path: pathOf(turn),
    ...(turn.args.length > 1 && { line: numberAt(turn, 1, 1) }),
    ...(turn.args.length > 2 && { limit: numberAt(turn, 2, 1) }),
  })
  await turn.say(content)
}

async function write(turn: Turn): Promise<void> {
  const content = turn.rest.slice((turn.args[0] ?? '').length).trimStart()
  await turn.client.request(methods.client.fs.writeTextFile, {
    sessionId: turn.sessionId,
    path: pathOf(turn),
    content,
  })
  await turn.say(`Wrote ${content.length} characters.`)
}

function pathOf(turn: Turn): string {
  return resolve(turn.cwd, turn.args[0] ?? '')
}

/** Says why the client refused, instead of failing the turn. */
export async function sayingRefusals(turn: Turn, work: () => Promise<void>): Promise<undefined> {
  try {
    await work()
  } catch (error) {
    await turn.say(`refused: ${error instanceof Error ? error.message : String(error)}`)
  }
}
