// @vitest-environment happy-dom
import { act, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fakeClient } from '../fake-client.test.support.js'
import { cleanUpAfterEach, renderUse } from '../render.test.support.js'
import { aRun } from '../things.test.support.js'
import { type RunTarget, useRun } from './use-run.js'

cleanUpAfterEach()

const use = (target: RunTarget | undefined) => useRun(target)

// proves: threads.t33
test('the newest run of an assistant is followed and can be cancelled', async () => {
  const { result, fake } = renderUse(use, { threadId: 'th_1', assistantId: 'helper' })
  expect(result.current).toMatchObject({ run: undefined, isActive: false })

  act(() => fake.thread('th_1').set({ runs: [aRun({ id: 'run_2' }), aRun({ status: 'completed' })] }))
  expect(result.current).toMatchObject({ run: { id: 'run_2' }, isActive: true })

  await result.current.cancel()
  expect(fake.callsOf('cancelRun')).toEqual([['run_2']])

  act(() => fake.thread('th_1').set({ runs: [aRun({ id: 'run_2', status: 'cancelled' })] }))
  expect(result.current.isActive).toBe(false)
})

test('a run by its id is read, then followed in its thread', async () => {
  const fake = fakeClient()
  fake.runs.set('run_1', aRun({ status: 'pending' }))
  const { result } = renderUse(use, 'run_1', fake)
  await waitFor(() => expect(result.current.run?.status).toBe('pending'))

  act(() => fake.thread('th_1').set({ runs: [aRun({ status: 'completed' })] }))

  await waitFor(() => expect(result.current).toMatchObject({ run: { status: 'completed' }, isActive: false }))
})

test('a run that ended before its thread was joined is read again', async () => {
  const fake = fakeClient()
  fake.thread('th_1').set({ status: 'loading' })
  fake.runs.set('run_1', aRun())
  const { result } = renderUse(use, 'run_1', fake)
  await waitFor(() => expect(result.current.isActive).toBe(true))

  fake.runs.set('run_1', aRun({ status: 'failed' }))
  act(() => fake.thread('th_1').set({ status: 'live' }))

  await waitFor(() => expect(result.current.run?.status).toBe('failed'))
  expect(fake.thread('th_1').followers).toBe(0)
})

test('a run that is not there is an error, and without a target there is nothing', async () => {
  const { result, rerender } = renderUse(use, 'run_9' as RunTarget | undefined)
  await waitFor(() => expect(result.current.error).toMatchObject({ code: 'not_found' }))

  rerender(undefined)
  expect(result.current).toMatchObject({ run: undefined, isActive: false, error: undefined })
  await result.current.cancel()
})
