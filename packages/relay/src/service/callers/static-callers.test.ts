import { expect, it } from 'vitest'
import { staticCallers } from './static-callers.js'

it('knows the callers by their tokens alone', async () => {
  const verify = staticCallers({ 'token-a': 'org-17', 'token-b': 'org-18', 'token-c': 'org-17' })

  expect(await verify('token-a')).toEqual({ tenant: 'org-17' })
  expect(await verify('token-b')).toEqual({ tenant: 'org-18' })
  expect(await verify('token-c')).toEqual({ tenant: 'org-17' })
  for (const token of ['', 'token', 'token-', 'token-a ', 'TOKEN-A', 'org-17', '__proto__', 'constructor'])
    expect(await verify(token)).toBeUndefined()
  expect(await staticCallers({})('')).toBeUndefined()
})

it('takes no blank token, and no blank tenant', () => {
  expect(() => staticCallers({ '': 'org-17' })).toThrow('must not be empty')
  expect(() => staticCallers({ token: '' })).toThrow('must not be empty')
})
