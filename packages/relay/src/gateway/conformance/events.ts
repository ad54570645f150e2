import { expect, test } from 'vitest'
import type { OutboundResult } from '../../protocol/index.js'
import { anEvent, type Openings, sending, until } from './subject.js'

export function eventCases({ connected }: Openings): void {
  test('an event is acked when the handler has taken it', async () => {
    const { transport, deliver, acks } = await connected()
    let finish = () => {}
    const taken: (string | undefined)[] = []
    transport.setInboundHandler(async (event, { bufferId }) => {
      taken.push(event.text, bufferId)
      await new Promise<void>((resolve) => {
        finish = resolve
      })
    })

    deliver(anEvent('hello'), 'b-1')
    await until(() => taken.length > 0)
    expect([taken, acks()]).toEqual([['hello', 'b-1'], []])
    finish()

    await until(() => acks().length === 1)
    expect(acks()).toEqual(['b-1'])
  })

  test('a handler that fails acks nothing and ends nothing', async () => {
    const { transport, deliver, acks } = await connected()
    transport.setInboundHandler(async ({ text }) => {
      if (text === 'bad') throw new Error('not today')
    })

    deliver(anEvent('bad'), 'b-1')
    deliver(anEvent('good'), 'b-2')

    await until(() => acks().length === 1)
    expect(acks()).toEqual(['b-2'])
    expect(await transport.sendOutbound(sending('x'))).toMatchObject({ success: true })
  })

  test('events of one chat come one after another, those of another in between', async () => {
    const { transport, deliver, acks } = await connected()
    const seen: string[] = []
    let finish = () => {}
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    transport.setInboundHandler(async ({ text }) => {
      seen.push(text)
      if (text === 'one') await held
    })

    deliver(anEvent('one'), 'b-1')
    deliver(anEvent('two'), 'b-2')
    deliver(anEvent('other', 'C2'), 'b-3')
    await until(() => acks().includes('b-3'))
    expect(seen).toEqual(['one', 'other'])
    finish()

    await until(() => acks().length === 3)
    expect(seen).toEqual(['one', 'other', 'two'])
  })

  test('a handler that keeps order itself lets the next event come', async () => {
    const { transport, deliver, acks } = await connected()
    let finish = () => {}
    transport.setInboundHandler(async ({ text }, delivery) => {
      delivery.release?.()
      if (text === 'two') finish()
      else
        await new Promise<void>((resolve) => {
          finish = resolve
        })
    })

    deliver(anEvent('one'), 'b-1')
    deliver(anEvent('two'), 'b-2')

    await until(() => acks().length === 2)
  })

  test('sending inside a handler gets its result', async () => {
    const { transport, deliver } = await connected()
    const results: OutboundResult[] = []
    transport.setInboundHandler(async () => {
      results.push(await transport.sendOutbound(sending('answer')))
    })

    deliver(anEvent('question'))

    await until(() => results.length === 1)
    expect(results[0]).toMatchObject({ success: true })
  })

  test('the last handler counts', async () => {
    const { transport, deliver } = await connected()
    const seen: string[] = []
    transport.setInboundHandler(async () => void seen.push('first'))
    transport.setInboundHandler(async () => void seen.push('second'))

    deliver(anEvent('x'))

    await until(() => seen.length > 0)
    expect(seen).toEqual(['second'])
  })
}
