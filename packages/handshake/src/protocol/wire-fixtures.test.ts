import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { ZodMiniType } from 'zod/mini'
import { ClientFrame, ServerFrame } from './frames.js'
import * as messages from './messages.js'

const folder = fileURLToPath(new URL('../../fixtures/wire/0.2/', import.meta.url))

/** Which schema reads which example. */
const readers: Record<string, ZodMiniType> = {
  'create-request': messages.CreateSessionRequest,
  'create-answer': messages.SessionInfo,
  'context-form-answer': messages.FormContextAnswer,
  'context-data-answer': messages.DataContextAnswer,
  'action-request': messages.ActionBody,
  'action-answer': messages.ActionAnswer,
  'action-data-answer': messages.ActionAnswer,
  'diff-answer': messages.DiffAnswer,
  'notify-request': messages.NotifyBody,
  'notify-answer': messages.NotifyAnswer,
  'extend-request': messages.ExtendBody,
  'extend-answer': messages.ExtendAnswer,
  'claim-request': messages.ClaimBody,
  'claim-answer': messages.ClaimAnswer,
  'revoke-answer': messages.RevokeAnswer,
  'audit-answer': messages.AuditAnswer,
  'prompt-answer': messages.PromptAnswer,
  'well-known-answer': messages.WellKnownAnswer,
  'error-answer': messages.ErrorAnswer,
  'frame-connected': ServerFrame,
  'frame-connected-resumed': ServerFrame,
  'frame-action': ServerFrame,
  'frame-done': ServerFrame,
  'frame-done-values': ServerFrame,
  'frame-extended': ServerFrame,
  'frame-claimed': ServerFrame,
  'frame-heartbeat': ServerFrame,
  'frame-error': ServerFrame,
  'frame-history-gone': ServerFrame,
  'frame-user-edit': ClientFrame,
  'frame-auth': ClientFrame,
  'frame-ping': ClientFrame,
}

test('every example has a schema, and every schema an example', () => {
  const examples = readdirSync(folder).map((name) => name.replace(/\.json$/, ''))
  expect(examples.sort()).toEqual(Object.keys(readers).sort())
})

describe('an example is read without losing anything:', () => {
  test.each(Object.entries(readers))('%s', (name, schema) => {
    const example: unknown = JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8'))

    expect(schema.parse(example)).toEqual(example)
    expect(schema.parse({ ...(example as object), addedLater: 1 })).toHaveProperty('addedLater', 1)
  })
})

describe('a context answer', () => {
  test('of either kind is told apart', () => {
    const form = messages.ContextAnswer.parse(
      JSON.parse(readFileSync(`${folder}context-form-answer.json`, 'utf8')),
    )
    const data = messages.ContextAnswer.parse(
      JSON.parse(readFileSync(`${folder}context-data-answer.json`, 'utf8')),
    )

    expect('context' in form).toBe(true)
    expect('data' in data).toBe(true)
  })
})
