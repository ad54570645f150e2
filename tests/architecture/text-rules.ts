import { dirname } from 'node:path'

// Rules over the text of committed files. Each answers the offending lines, as `number: text`. The words they look
// for are put together from pieces, so that this file passes its own rules.

/** Lines that name a package registry's host. */
export function registryHosts(text: string): string[] {
  const hosts = ['npmjs.org', 'npmjs.com', 'yarnpkg.com', 'npmmirror.com'].map((name) => `registry.${name}`)
  return linesWith(
    text,
    (line) => hosts.some((host) => line.includes(host)) || line.includes(`npm.pkg.${'github'}`),
  )
}

/** Lines that name a path of somebody's machine: a home folder, or the folder that this checkout lies in. */
export function machinePaths(text: string, checkout: string): string[] {
  const home = /(?:\/home|\/Users|[A-Z]:\\Users)[\\/][a-z][\w.-]*[\\/]/
  const here = placesOf(checkout)
  return linesWith(text, (line) => home.test(line) || here.some((place) => line.includes(place)))
}

// A checkout may lie in a folder whose name means nothing (a CI service's, a container's): those are no findings.
const usual = new Set([
  '/',
  '/app',
  '/src',
  '/tmp',
  '/srv',
  '/opt',
  '/root',
  '/home',
  '/var',
  '/mnt',
  '/build',
  '/workspace',
])

const placesOf = (checkout: string): string[] =>
  [checkout, dirname(checkout)].filter((place) => !usual.has(place)).map((place) => `${place}/`)

/** Comments that put something off without the number of an issue, as in `(#12)`. */
export function unnumberedNotes(text: string): string[] {
  const words = ['TO', 'FIX'].map((start) => `${start}${start === 'TO' ? 'DO' : 'ME'}`).join('|')
  const comment = new RegExp(`(?://|/\\*|^\\s*\\*|#|<!--).*\\b(?:${words})\\b(?!\\s*\\(#\\d+\\))`)
  return linesWith(text, (line) => comment.test(line))
}

function linesWith(text: string, isFinding: (line: string) => boolean): string[] {
  return text.split('\n').flatMap((line, index) => (isFinding(line) ? [`${index + 1}: ${line.trim()}`] : []))
}
