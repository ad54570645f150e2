import { expect, test } from 'vitest'
import { movedTo, withoutSecrets } from './address.js'

test.each([
  ['MOVED 3999 10.0.0.7:6381', 'rediss://u:p@10.0.0.7:6381/0?family=4'],
  ['MOVED 3999 redis-2.example:6381', 'rediss://u:p@redis-2.example:6381/0?family=4'],
  ['MOVED 3999 ::1:6381', 'rediss://u:p@[::1]:6381/0?family=4'],
  ['MOVED 3999 :6381', 'rediss://u:p@first:6381/0?family=4'],
  ['ERR unknown command', undefined],
])('%j leads to %j', (message, url) => {
  expect(movedTo(new Error(message), 'rediss://u:p@first:6380/0?family=4')).toBe(url)
})

test('a failure keeps its message and neither the password nor the command', () => {
  const error = Object.assign(new Error("ERR unknown command 'AUTH', with args beginning with: 'u' 'p w'"), {
    command: { name: 'auth', args: ['u', 'p w'] },
  })

  const told = withoutSecrets(error, 'redis://u:p%20w@host')

  expect(told.message).toBe("Redis: ERR unknown command 'AUTH', with args beginning with: 'u' '***'")
  expect(told).not.toHaveProperty('command')
})

test('a refusal without a message is told by its code', () => {
  const error = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })

  expect(withoutSecrets(error, 'redis://host').message).toBe('Redis: ECONNREFUSED')
})
