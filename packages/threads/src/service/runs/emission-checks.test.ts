import { describe, expect, test } from 'vitest'
import { text } from '../../protocol/index.js'
import type { AssistantHandler, Emission, HandlerSend } from './handler.js'
import { roomWith } from './room.test.support.js'

/** A handler with one emission. */
const says = (make: (send: HandlerSend) => Emission): AssistantHandler =>
  async function* (_ctx, send) {
    yield make(send)
  }

/** What a handler in JavaScript, or one that trusts a model, may hand over. */
const wrong = (value: unknown) => value as never

const circular: Record<string, unknown> = {}
circular.self = circular

describe('a run fails, and stores nothing, when its handler says', () => {
  // proves: threads.t26
  test.each<[string, (send: HandlerSend) => Emission, string]>([
    ['no parts', (send) => send.message([]), 'content must not be empty'],
    ['text instead of parts', (send) => send.message(wrong('hi')), 'content must be an array'],
    [
      'a URL that runs',
      (send) => send.message([{ type: 'image', url: 'javascript:alert(1)', mime: 'image/png' }]),
      'content[0].url must be a URL with an allowed scheme',
    ],
    [
      'a part nobody knows',
      (send) => send.message([wrong({ type: 'video' })]),
      'content[0].type must be one of: text, image, audio, document, form',
    ],
    [
      'too much text',
      (send) => send.message([text('x'.repeat(256 * 1024 + 1))]),
      'content[0].text is larger than 262144 bytes',
    ],
    [
      'metadata that is no object',
      (send) => send.message([text('x')], wrong('m')),
      'metadata must be an object',
    ],
    ['metadata without an end', (send) => send.reasoning('x', circular), 'reasoning is nested too deep'],
    [
      'recipients that are no list',
      (send) => send.message([text('x')], {}, { recipients: wrong('a') }),
      'recipients must be an array',
    ],
    [
      'a stream for nobody',
      (send) => send.message(new ReadableStream<string>(), {}, { recipients: [wrong(5)] }),
      'recipients[0] must be a string',
    ],
    ['a reasoning of another kind', (send) => send.reasoning(wrong(5)), 'content must be a string'],
    ['a form without a schema', (send) => send.form(wrong({})), 'content[0].schema must be an object'],
    ['a call without a name', (send) => send.toolCall(wrong({ arguments: {} })), 'name is required'],
    [
      'an error that is text',
      (send) => send.toolResult({ toolId: 'c', error: wrong('no') }),
      'error must be an object',
    ],
  ])('%s', async (_name, make, message) => {
    const room = await roomWith({ a: says(make) })

    const { body } = await room.invoke(['a'])

    expect(await room.over(body.runs[0].id)).toMatchObject({
      status: 'failed',
      error: { code: 'handler_error', message },
    })
    expect((await room.ofRuns()).map(({ type }) => type)).toEqual(['run.started', 'run.failed'])
  })
})

test('schemes that the application allows are allowed to its assistants, too', async () => {
  const file = { type: 'document' as const, url: 's3://bucket/key', mime: 'text/plain' }
  const room = await roomWith({ a: says((send) => send.message([file])) }, { urlSchemes: ['s3'] })

  const { body } = await room.invoke(['a'])

  expect(await room.over(body.runs[0].id)).toMatchObject({ status: 'completed' })
})
