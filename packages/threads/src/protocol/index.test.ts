import { expect, test, vi } from 'vitest'

test('the protocol makes no code from text, which strict pages forbid and report', async () => {
  const compile = vi.fn()
  vi.stubGlobal(
    'Function',
    new Proxy(Function, {
      construct: (target, args) => {
        compile(...args)
        return Reflect.construct(target, args)
      },
    }),
  )
  // The import itself is under test: schemas are made, and may probe the page, while modules load.
  const protocol = await import('./index.js')
  const draft = { content: [protocol.text('a')] }
  const read = protocol.parseEventDraft(draft)

  vi.unstubAllGlobals()
  expect(read).toEqual(draft)
  expect(compile).not.toHaveBeenCalled()
})
