import { expect, test } from 'vitest'
import { defineErrors, isParleyError, ParleyError, toProblem } from './index.js'

const errors = defineErrors('plane', {
  notHere: { status: 404, message: 'It is not here.' },
  tooManyOfThem: { status: 429, message: 'Too many.', retryable: true },
})

test('a name becomes a code in snake case, with the status and the wording of the catalogue', () => {
  const error = errors.tooManyOfThem({ retryAfter: 3 })

  expect(error).toMatchObject({ code: 'plane.too_many_of_them', status: 429, message: 'Too many.' })
  expect([error.retryable, error.retryAfter]).toEqual([true, 3])
  expect(errors.notHere().retryable).toBe(false)
})

test('the caller may word it and add facts', () => {
  const cause = new Error('inside')
  const error = errors.notHere({ message: 'No such room.', details: { id: 'r1' }, cause })

  expect(error).toMatchObject({ message: 'No such room.', details: { id: 'r1' }, cause })
})

test('a refusal is recognised by its brand, whichever copy of the package made it', () => {
  const ofAnotherCopy = { [Symbol.for('parley.error')]: true, code: 'plane.not_here' }

  expect(isParleyError(errors.notHere())).toBe(true)
  expect(isParleyError(ofAnotherCopy, 'plane.not_here')).toBe(true)
  expect(isParleyError(ofAnotherCopy, 'plane.other')).toBe(false)
  for (const other of [new Error('x'), undefined, null, 'text', { code: 'plane.not_here' }])
    expect(isParleyError(other)).toBe(false)
})

test('a problem body holds what may travel, and never the cause', () => {
  const error = errors.notHere({ details: { id: 'r1' }, cause: new Error('secret') })

  expect(toProblem(error, 'req_1')).toEqual({
    code: 'plane.not_here',
    message: 'It is not here.',
    retryable: false,
    details: { id: 'r1' },
    requestId: 'req_1',
  })
  expect(toProblem(new ParleyError('a.b', { status: 400, message: 'No.' }))).toEqual({
    code: 'a.b',
    message: 'No.',
    retryable: false,
  })
})
