// The routes of the contract as functions.
import * as z from 'zod'
import {
  AgentTemplateSchema,
  RuntimeInfoSchema,
  RuntimeInstanceSchema,
  SessionsSettingsSchema,
} from '../../protocol/index.js'
import type { RuntimeCalls, SessionsRest, SettingsCalls, TemplateCalls } from '../types.js'
import { runtimeFileCalls, sessionFileCalls } from './file-calls.js'
import type { Http } from './http.js'
import { runtimePath, templatePath } from './paths.js'
import { messageCalls, queueCalls } from './queue-calls.js'
import { sessionCalls } from './session-calls.js'

export function createRest(http: Http): SessionsRest {
  return {
    ...settingsCalls(http),
    ...templateCalls(http),
    ...sessionCalls(http),
    ...queueCalls(http),
    ...messageCalls(http),
    ...runtimeCalls(http),
    ...sessionFileCalls(http),
    ...runtimeFileCalls(http),
    request: (method, path, body) => {
      const failure = (status: number | undefined) => `Request failed (${status ?? 'no answer'})`
      return http({ method, path, body, answer: z.unknown(), failure })
    },
  }
}

function settingsCalls(http: Http): SettingsCalls {
  const settings = { path: '/settings', answer: SessionsSettingsSchema }
  return {
    fetchSettings: () => http({ method: 'GET', ...settings, failure: 'Failed to fetch settings' }),
    updateSettings: (body) =>
      http({ method: 'PATCH', ...settings, body, failure: 'Failed to update settings' }),
  }
}

function templateCalls(http: Http): TemplateCalls {
  const path = '/agent-templates'
  const answer = AgentTemplateSchema
  const templates = z.array(answer)
  return {
    fetchAgentTemplates: () =>
      http({ method: 'GET', path, answer: templates, failure: 'Failed to fetch agent templates' }),
    registerAgentTemplate: (body) =>
      http({ method: 'POST', path, body, answer, failure: 'Failed to register agent template' }),
    updateAgentTemplate: (id, body) => {
      const failure = 'Failed to update agent template'
      return http({ method: 'PUT', path: templatePath(id), body, answer, failure })
    },
    deleteAgentTemplate: (id) =>
      http({ method: 'DELETE', path: templatePath(id), failure: 'Failed to delete agent template' }),
  }
}

const startWithinMs = 150_000

function runtimeCalls(http: Http): RuntimeCalls {
  const runtimes = z.array(RuntimeInfoSchema)
  const post = (name: string, verb: 'stop' | 'pause') =>
    http({ method: 'POST', path: runtimePath(name, verb), failure: `Failed to ${verb} runtime` })
  return {
    fetchRuntimes: () =>
      http({ method: 'GET', path: '/runtimes', answer: runtimes, failure: 'Failed to fetch runtimes' }),
    startRuntime: (typeName, name) =>
      http({
        method: 'POST',
        path: runtimePath(typeName, 'start'),
        ...(name !== undefined && { body: { name } }),
        answer: RuntimeInstanceSchema,
        failure: 'Failed to start runtime',
        withinMs: startWithinMs,
      }),
    stopRuntime: (name) => post(name, 'stop'),
    pauseRuntime: (name) => post(name, 'pause'),
    deleteRuntime: (name) =>
      http({ method: 'DELETE', path: runtimePath(name), failure: 'Failed to delete runtime' }),
  }
}
