import * as z from 'zod'
import {
  AcceptedPromptSchema,
  AskedPermissionsResponseSchema,
  PromptResultSchema,
  QueuedPromptResponseSchema,
  SessionCommandSchema,
  SessionSchema,
  SessionStatusSchema,
  SessionsSettingsSchema,
  WebhookDeliveriesResponseSchema,
} from '../../protocol/index.js'
import type { SessionCalls } from '../types.js'
import type { Http } from './http.js'
import { agentPath } from './paths.js'

/** How a prompt was answered: with the whole turn, or with its place in the queue. */
export const promptAnswer = z.union([QueuedPromptResponseSchema, PromptResultSchema])
const sentAnswer = z.union([AcceptedPromptSchema, QueuedPromptResponseSchema, PromptResultSchema])
const sessions = z.array(SessionSchema)
const commands = z.array(SessionCommandSchema)

const startWithinMs = 150_000

/** Absent sessions have a text of their own. */
const sessionFailure = (otherwise: string) => (status: number | undefined) =>
  status === 404 ? 'Session not found' : otherwise

const promptFailure = (status: number | undefined) => `Prompt failed (${status ?? 'no answer'})`
const permissionFailure = (status: number | undefined) =>
  `Permission resolve failed (${status ?? 'no answer'})`

export function sessionCalls(http: Http): SessionCalls {
  return {
    fetchSessions: () =>
      http({ method: 'GET', path: '/agents', answer: sessions, failure: 'Failed to fetch sessions' }),
    fetchSession: (id, { includeFileSystem, showAllFiles, logs } = {}) => {
      const query = {
        includeFileSystem: includeFileSystem || undefined,
        showAllFiles: showAllFiles || undefined,
        logs: logs === false ? false : undefined,
      }
      const failure = sessionFailure('Failed to fetch session')
      return http({ method: 'GET', path: agentPath(id), query, answer: SessionSchema, failure })
    },
    createSession: (body) =>
      http({
        method: 'POST',
        path: '/agents',
        body,
        answer: SessionSchema,
        failure: 'Failed to create session',
        withinMs: startWithinMs,
      }),
    terminateSession: (id) =>
      http({ method: 'DELETE', path: agentPath(id), failure: 'Failed to terminate session' }),
    fetchSessionStatus: (id) => {
      const failure = sessionFailure('Failed to fetch session status')
      return http({ method: 'GET', path: agentPath(id, 'status'), answer: SessionStatusSchema, failure })
    },
    fetchCommands: (id) => {
      const failure = 'Failed to fetch commands'
      return http({ method: 'GET', path: agentPath(id, 'commands'), answer: commands, failure })
    },
    ...turnCalls(http),
    ...permissionCalls(http),
    ...choiceCalls(http),
    ...webhookCalls(http),
  }
}

function turnCalls(http: Http): Pick<SessionCalls, 'promptSession' | 'sendPrompt' | 'cancelTurn'> {
  const call = (id: string, text: string) => ({
    method: 'POST',
    path: agentPath(id, 'prompts'),
    body: { text },
    failure: promptFailure,
    // A turn takes as long as it takes.
    withinMs: null,
  })
  return {
    promptSession: (id, text) => http({ ...call(id, text), answer: promptAnswer }),
    // WHY a query: a header of its own would need the leave of the server in another origin.
    sendPrompt: (id, text) => http({ ...call(id, text), query: { wait: false }, answer: sentAnswer }),
    cancelTurn: (id) =>
      http({ method: 'POST', path: agentPath(id, 'cancel'), failure: 'Failed to cancel turn' }),
  }
}

function permissionCalls(http: Http): Pick<SessionCalls, 'resolvePermission' | 'fetchPermissions'> {
  return {
    resolvePermission: (id, requestId, body) => {
      const path = agentPath(id, 'permissions', requestId)
      return http({ method: 'POST', path, body, failure: permissionFailure })
    },
    fetchPermissions: async (id) => {
      const answer = AskedPermissionsResponseSchema
      const failure = 'Failed to fetch permissions'
      return (await http({ method: 'GET', path: agentPath(id, 'permissions'), answer, failure })).permissions
    },
  }
}

type ChoiceCalls = Pick<
  SessionCalls,
  'fetchSessionSettings' | 'updateSessionSettings' | 'setMode' | 'setModel' | 'setConfigOption'
>

function choiceCalls(http: Http): ChoiceCalls {
  const choose = (id: string, what: string, body: object) =>
    http({ method: 'POST', path: agentPath(id, what), body, failure: `Failed to set ${what}` })
  const settings = { answer: SessionsSettingsSchema }
  return {
    fetchSessionSettings: (id) => {
      const failure = 'Failed to fetch session settings'
      return http({ method: 'GET', path: agentPath(id, 'settings'), ...settings, failure })
    },
    updateSessionSettings: (id, body) => {
      const failure = 'Failed to update session settings'
      return http({ method: 'PATCH', path: agentPath(id, 'settings'), body, ...settings, failure })
    },
    setMode: (id, modeId) => choose(id, 'mode', { modeId }),
    setModel: (id, modelId) => choose(id, 'model', { modelId }),
    setConfigOption: (id, configId, value) => choose(id, 'config', { configId, value }),
  }
}

function webhookCalls(http: Http): Pick<SessionCalls, 'fetchWebhookDeliveries' | 'retryWebhookDelivery'> {
  return {
    fetchWebhookDeliveries: async (id, query = {}) => {
      const path = agentPath(id, 'webhooks', 'deliveries')
      const answer = WebhookDeliveriesResponseSchema
      const failure = 'Failed to fetch webhook deliveries'
      return (await http({ method: 'GET', path, query, answer, failure })).deliveries
    },
    retryWebhookDelivery: (id, deliveryId) => {
      const path = agentPath(id, 'webhooks', 'deliveries', deliveryId, 'retry')
      return http({ method: 'POST', path, failure: 'Failed to retry webhook delivery' })
    },
  }
}
