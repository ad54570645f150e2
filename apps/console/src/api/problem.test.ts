import { describe, expect, it } from 'vitest'
import { canRetry, isSignedOut, toProblem, unreachable } from './problem.js'

describe('problems', () => {
  it('carry the code, the sentence and the request id of a problem body', () => {
    const body = { code: 'server.link_used', message: 'This link was used.', requestId: 'req_1' }

    expect(toProblem(403, body)).toMatchObject({ status: 403, ...body })
  })

  it('say something readable when the body is not a problem', () => {
    expect(toProblem(502, undefined).message).toBe('The server answered 502.')
    expect(toProblem(400, { error: 'key is required' }).message).toBe('key is required')
  })

  it('are tried again when the server is absent or in trouble, not when it refused', () => {
    expect([unreachable(), toProblem(503, null), toProblem(404, {}), new Error('x')].map(canRetry)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('know a missing sign-in', () => {
    expect(isSignedOut(toProblem(401, { code: 'kernel.unauthenticated' }))).toBe(true)
    expect(isSignedOut(toProblem(403, {}))).toBe(false)
  })
})
