import { methods, RequestError } from '@agentclientprotocol/sdk'
import { isJsonObject, type JsonObject } from '@parley/kernel/wire'
import { rpcErrorText } from '../../protocol/index.js'
import { HostError } from '../errors.js'
import type { HostSession } from './session.js'

/** No member of the SDK any more; agents that offer `models` still answer it. */
const setModel = 'session/set_model'

/** `POST /sessions/:id/mode`. */
export function switchMode(session: HostSession, body: JsonObject): Promise<JsonObject> {
  return ask(session, methods.agent.session.setMode, { modeId: textOf(body, 'modeId') })
}

/** `POST /sessions/:id/model`. */
export function switchModel(session: HostSession, body: JsonObject): Promise<JsonObject> {
  return ask(session, setModel, { modelId: textOf(body, 'modelId') })
}

/** `POST /sessions/:id/config`. The answer holds what the agent says of all its options. */
export function switchOption(session: HostSession, body: JsonObject): Promise<JsonObject> {
  const configId = textOf(body, 'configId')
  const { value } = body
  if (typeof value === 'boolean')
    return ask(session, methods.agent.session.setConfigOption, { configId, type: 'boolean', value })
  return ask(session, methods.agent.session.setConfigOption, { configId, value: textOf(body, 'value') })
}

async function ask(session: HostSession, method: string, params: JsonObject): Promise<JsonObject> {
  try {
    const result = await session.conversation.worker.ask(method, params)
    return { ok: true, ...(isJsonObject(result) && result) }
  } catch (error) {
    if (error instanceof RequestError)
      throw new HostError(statusOf(error.code), rpcErrorText(error), { cause: error })
    throw error
  }
}

function statusOf(code: number): number {
  // Method not found, invalid params, no such thing: the caller's mistake, or nothing the agent offers.
  return [-32601, -32602, -32002].includes(code) ? 400 : 500
}

function textOf(body: JsonObject, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '' || value.length > 1_000)
    throw new HostError(400, `Missing '${name}' field`)
  return value
}
