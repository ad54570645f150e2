import { expect, test, vi } from 'vitest'

test('the client makes no code from text, which strict pages forbid and report', async () => {
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
  const { HandshakeClient } = await import('./index.js')
  const { parseServerFrame } = await import('../protocol/frames.js')
  new HandshakeClient({ baseUrl: 'http://127.0.0.1:1' })
  const frame = parseServerFrame('{"type":"action","key":"a","value":1,"seq":1}')

  vi.unstubAllGlobals()
  expect(frame).toEqual({ type: 'action', key: 'a', value: 1, seq: 1 })
  expect(compile).not.toHaveBeenCalled()
})
