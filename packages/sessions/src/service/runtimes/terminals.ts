// Terminals of an instance: what is kept, and live signals.

import type { Stop } from '@parley/kernel/ids'
import type { Principal } from '@parley/kernel/principal'
import { isJsonObject } from '@parley/kernel/wire'
import type { TerminalSignal } from '../../protocol/index.js'
import { isSuccess } from '../answers.js'
import type { CoreDeps } from '../core.js'
import { assertScope } from '../gate.js'
import type { SessionsService } from '../port.js'
import { hostStreamOf } from '../streams.js'
import { fetchInstance, runningInstance } from './requests.js'

export function instanceTerminals(deps: CoreDeps): SessionsService['terminals'] {
  return {
    kept: async (by, instance, since) => {
      const query = { since: String(since) }
      const request = { method: 'GET', path: '/terminals/events', query }
      const answer = await fetchInstance(deps, by, instance, request)
      const { events, truncated } = isSuccess(answer) && isJsonObject(answer.body) ? answer.body : {}
      return {
        events: Array.isArray(events) ? events.filter(isTerminalSignal) : [],
        truncated: truncated === true,
      }
    },
    tap: (by, instance, listener) => tap(deps, by, instance, listener),
  }
}

async function tap(
  deps: CoreDeps,
  by: Principal,
  instance: string,
  listener: (signal: TerminalSignal) => void,
): Promise<Stop> {
  assertScope(by, 'sessions:machine')
  const { row } = await runningInstance(deps, instance)
  const hostId = (await deps.hostOf(row.typeName, instance)) ?? instanceHost(instance)
  return deps.ground.log.tap(hostStreamOf(hostId), {
    signal: (payload) => {
      const signal: unknown = JSON.parse(payload)
      if (isTerminalSignal(signal)) listener(signal)
    },
  })
}

/** Stands for the host of an instance that does not dial in, in the name of its stream. */
const instanceHost = (instance: string): string => `instance/${instance}`

function isTerminalSignal(value: unknown): value is TerminalSignal {
  if (!isJsonObject(value) || !isJsonObject(value.event)) return false
  const { type, data, timestamp } = value.event
  return (
    Number.isSafeInteger(value.seq) &&
    typeof type === 'string' &&
    isJsonObject(data) &&
    typeof timestamp === 'string'
  )
}
