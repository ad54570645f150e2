import { expect, it } from 'vitest'
import { baseName, joinPath, languageOf, parentOf, relativeTo } from './paths.js'

it('joins, and names the last part', () => {
  expect([joinPath('', 'a'), joinPath('/', 'a'), joinPath('/srv', 'a')]).toEqual(['a', '/a', '/srv/a'])
  expect([baseName('/srv/a/'), baseName('a.ts'), baseName('/')]).toEqual(['a', 'a.ts', '/'])
})

it('leads upwards and never out of the root', () => {
  expect([parentOf('/srv/a'), parentOf('/srv'), parentOf('/')]).toEqual(['/srv', '/', '/'])
})

it('is relative inside of a directory only', () => {
  expect(relativeTo('/srv', '/srv/a/b')).toBe('a/b')
  expect(relativeTo('/srv', '/srvx/a')).toBe('/srvx/a')
  expect(relativeTo('/', '/etc')).toBe('etc')
})

it('knows languages by endings', () => {
  expect(['a/b.ts', 'Dockerfile', 'README'].map(languageOf)).toEqual(['ts', 'sh', undefined])
})
