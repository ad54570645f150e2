import { expect, test } from 'vitest'
import { isAllowedUrl } from './urls.js'

test.each(['http://a/b', 'https://a.example/b?c=d#e', 'HTTPS://a/'])('%s is allowed', (url) => {
  expect(isAllowedUrl(url)).toBe(true)
})

test.each([
  '',
  'a/b',
  '/a/b',
  '//a/b',
  'http://',
  'ftp://a/b',
  's3://a/b',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,x',
  'blob:https://a/b',
  'vbscript:x',
])('%j is refused', (url) => expect(isAllowedUrl(url)).toBe(false))

test('further schemes are given by name, however written, but never those that run code', () => {
  const extra = ['S3:', 'ipfs', 'javascript', 'data:']

  expect([isAllowedUrl('s3://a/b', extra), isAllowedUrl('ipfs://a', extra)]).toEqual([true, true])
  expect([isAllowedUrl('javascript:1', extra), isAllowedUrl('data:,x', extra)]).toEqual([false, false])
})
