import type { ThreadSnapshot } from '@parley/threads/client'
import { act, cleanup, configure, render, renderHook } from '@testing-library/react'
import { type ReactNode, StrictMode } from 'react'
import { afterEach } from 'vitest'
import { Thread, type ThreadProps } from './components/thread.js'
import { type FakeClient, fakeClient } from './fake-client.test.support.js'
import { ThreadsProvider } from './provider.js'
import { aMember, ann, bob, helper } from './things.test.support.js'

/** Unmounts after each test what it has rendered. Only a failing test waits for as long as is allowed here. */
export function cleanUpAfterEach(): void {
  configure({ asyncUtilTimeout: 20_000 })
  afterEach(cleanup)
}

/** Everything is rendered in StrictMode, as Ann. */
export function providerFor(fake: FakeClient) {
  // biome-ignore lint/correctness/noComponentHookFactories: a test makes one and keeps it
  return function Provider({ children }: { children: ReactNode }) {
    return (
      <StrictMode>
        <ThreadsProvider client={fake.client} identityId={ann.id}>
          {children}
        </ThreadsProvider>
      </StrictMode>
    )
  }
}

/** A thread with Ann (the reader), Bob and the assistant Helper, shown by `<Thread>`. */
export function renderThread(snapshot: Partial<ThreadSnapshot> = {}, props: Partial<ThreadProps> = {}) {
  const fake = fakeClient()
  const thread = fake.thread('th_1')
  thread.set({ members: [ann, bob, helper].map(aMember), ...snapshot })
  const view = render(<Thread threadId="th_1" {...props} />, { wrapper: providerFor(fake) })
  const set = (change: Partial<ThreadSnapshot>): void => act(() => thread.set(change))
  return { ...view, fake, thread, set }
}

/** A hook under a provider with a fake client. */
export function renderUse<T, P>(use: (props: P) => T, initialProps: P, fake = fakeClient()) {
  const view = renderHook(use, { initialProps, wrapper: providerFor(fake) })
  return { ...view, fake }
}
