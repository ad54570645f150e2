// A test cites what it proves in a comment: `// proves: handshake.h16, handshake.h20`. A comment and not a
// call, because tests of many packages cite and none of them should depend on this folder.
import { committedFiles, textOf } from '../architecture/checkout.js'

/** One id in one test file. */
export interface Citation {
  id: string
  file: string
}

const marker = /\/\/\s*proves:\s*([a-z][\w.]*(?:\s*,\s*[a-z][\w.]*)*)/g

/** The ids a text cites, in order. */
export function citedIn(text: string): string[] {
  return [...text.matchAll(marker)].flatMap(([, list = '']) => list.split(',').map((id) => id.trim()))
}

/** Every citation in the test files of the checkout. */
export function findCitations(): Citation[] {
  const files = committedFiles().filter(
    (file) => /\.test\.tsx?$/.test(file) && !file.endsWith('/citations.test.ts'),
  )
  return files.flatMap((file) => citedIn(textOf(file)).map((id) => ({ id, file })))
}
