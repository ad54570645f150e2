// @vitest-environment happy-dom
import { ThreadsClientError } from '@parley/threads/client'
import type { ToolResultEvent } from '@parley/threads/protocol'
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { cleanUpAfterEach, renderThread } from '../render.test.support.js'
import { aRun, aToolCall, bob, common, helper } from '../things.test.support.js'

cleanUpAfterEach()

const click = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

function aResult(tool: Partial<ToolResultEvent['tool']>): ToolResultEvent {
  return {
    ...common(6, helper),
    type: 'tool.result',
    tool: { id: 'call_1', result: null, error: null, ...tool },
  }
}

const show = (...given: Parameters<typeof aToolCall>) => {
  const view = renderThread({ timeline: [aToolCall(...given)] })
  return { ...view, tool: view.container.querySelector('[data-parley-tool]') }
}

test('a call shows its name, arguments and result', () => {
  const { tool } = show({ result: aResult({ result: { hits: ['<b>'] } }) })

  expect(tool?.getAttribute('data-parley-tool')).toBe('toolDone')
  expect(tool?.querySelector('summary')?.textContent).toBe('Tool: search done')
  expect([...(tool?.querySelectorAll('pre') ?? [])].map((one) => JSON.parse(one.textContent ?? ''))).toEqual([
    { q: 'x' },
    { hits: ['<b>'] },
  ])
  expect(tool?.querySelector('b, button')).toBeNull()
})

test.each([
  [{}, 'toolRunning'],
  [{ result: aResult({ error: { message: 'broken' } }) }, 'toolFailed'],
  [{ approval: 'required' }, 'approvalRequired'],
  [{ approval: 'approved' }, 'toolRunning'],
  [{ approval: 'rejected' }, 'rejected'],
  [{ approval: 'withdrawn' }, 'withdrawn'],
] as const)('of %j the state is %s', (item, state) => {
  expect(show(item).tool?.getAttribute('data-parley-tool')).toBe(state)
})

test('an error says its message, or all that it has', () => {
  expect(show({ result: aResult({ error: { message: 'broken' } }) }).tool?.textContent).toContain('broken')
  expect(show({ result: aResult({ error: { code: 7 } }) }).tool?.textContent).toContain('"code": 7')
})

test('a person approves, or rejects with a reason', async () => {
  const { fake } = show({ approval: 'required' })
  click('Approve')
  await waitFor(() => expect(fake.callsOf('approve')).toEqual([['call_1', undefined]]))

  fake.fail('reject', new ThreadsClientError('conflict', 'decided already'))
  await waitFor(() =>
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Reject' }).disabled).toBe(false),
  )
  fireEvent.change(screen.getByLabelText('Reason (optional)'), { target: { value: ' too risky ' } })
  click('Reject')
  await waitFor(() => expect(screen.getByRole('alert').textContent).toBe('decided already'))
  expect(fake.callsOf('reject')).toEqual([['call_1', 'too risky']])
})

test('a decision says who made it and why', () => {
  const { tool } = show({ approval: 'rejected', decidedBy: bob, reason: 'no' })

  expect(tool?.querySelector('[data-parley-decision]')?.textContent).toBe('rejected by Bobno')
  expect(tool?.querySelector('button')).toBeNull()
})

test('what is very long is cut', () => {
  const { tool } = show({ result: aResult({ result: 'x'.repeat(100_000) }) })
  expect(tool?.textContent?.length).toBeLessThan(21_000)
})

// proves: threads.t33
test('active runs can be stopped, others are not shown', async () => {
  const runs = [aRun(), aRun({ id: 'run_0', status: 'completed' })]
  const { fake, set } = renderThread({ runs })

  expect(screen.getByText('Helper is working …')).toBeDefined()
  click('Stop')
  await waitFor(() => expect(fake.callsOf('cancelRun')).toEqual([['run_1']]))

  set({ runs: [aRun({ status: 'cancelled' })] })
  expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull()
})
