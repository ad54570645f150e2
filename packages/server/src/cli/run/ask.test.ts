import type { Interface } from 'node:readline/promises'
import { describe, expect, test } from 'vitest'
import { askInTerminal, askNobody } from './ask.js'

const question = {
  requestId: 'r1',
  toolCallId: 't1',
  title: 'Write a file?',
  options: [
    { optionId: 'yes', name: 'Allow', kind: 'allow_once' },
    { optionId: 'no', name: 'Refuse', kind: 'reject_once' },
  ],
}
const never = new AbortController().signal

/** A terminal at which somebody types these lines. */
function typing(...answers: string[]): Interface {
  const question = async () => answers.shift() ?? Promise.reject(new Error('closed'))
  // The cast: nothing else of it is used.
  return { question } as unknown as Interface
}

describe('a question in the terminal', () => {
  test('is answered by its number, after answers that are none', async () => {
    const shown: string[] = []
    const ask = askInTerminal(typing('what', '9', ' 2 '), (text) => shown.push(text))

    expect(await ask(question, never)).toEqual({ optionId: 'no' })
    expect(shown.join('')).toContain('2) Refuse')
  })

  test('is cancelled by an empty line', async () => {
    expect(await askInTerminal(typing(''), () => {})(question, never)).toEqual({ outcome: 'cancelled' })
  })

  test('is left alone when the terminal is closed', async () => {
    expect(await askInTerminal(typing(), () => {})(question, never)).toBeUndefined()
  })
})

describe('a question without a terminal', () => {
  test('is refused, or allowed where that was said before', async () => {
    expect(await askNobody(false)(question, never)).toEqual({ optionId: 'no' })
    expect(await askNobody(true)(question, never)).toEqual({ optionId: 'yes' })
  })

  test('is cancelled when there is no such option', async () => {
    expect(await askNobody(true)({ ...question, options: [] }, never)).toEqual({ outcome: 'cancelled' })
  })
})
