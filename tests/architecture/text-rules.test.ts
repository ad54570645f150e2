import { describe, expect, test } from 'vitest'
import { committedFiles, root, textOf } from './checkout.js'
import { machinePaths, registryHosts, unnumberedNotes } from './text-rules.js'

const code = /\.(?:[cm]?[jt]sx?|css|html|sql|sh|ya?ml|md|json)$|^\.ci\/run$/
const files = committedFiles().filter((path) => code.test(path))

/** Findings of a rule over all files, each with its file. */
function findings(rule: (text: string) => string[], paths = files): string[] {
  return paths.flatMap((path) => rule(textOf(path)).map((finding) => `${path}:${finding}`))
}

describe('no committed file', () => {
  test("names a registry's host", () => {
    expect(findings(registryHosts)).toEqual([])
  })

  test('names a path of a machine', () => {
    expect(findings((text) => machinePaths(text, root))).toEqual([])
  })

  test('puts something off without an issue', () => {
    expect(
      findings(
        unnumberedNotes,
        files.filter((path) => !path.endsWith('.md')),
      ),
    ).toEqual([])
  })
})

describe('the rules', () => {
  test('find a registry', () => {
    expect(registryHosts(`one\n"resolved": "https://registry.${'npmjs'}.org/zod"`)).toHaveLength(1)
    expect(registryHosts('npm install zod')).toEqual([])
  })

  test('find a home folder and the folder of the checkout', () => {
    const home = ['', 'home', 'ada', 'notes.txt'].join('/')

    expect(machinePaths(home, '/srv/parley')).toHaveLength(1)
    expect(machinePaths('cd /projects/parley/docs', '/projects/parley')).toHaveLength(1)
    expect(machinePaths('cd /projects/other/docs', '/projects/parley')).toHaveLength(1)
    expect(machinePaths('POST /handshake/join', '/projects/parley')).toEqual([])
    expect(machinePaths('/tmp/socket', '/tmp/parley')).toEqual([])
  })

  test('find a note without a number', () => {
    const word = 'TO' + 'DO'

    expect(unnumberedNotes(`// ${word}: later`)).toEqual([`1: // ${word}: later`])
    expect(unnumberedNotes(`run() # ${word} later`)).toHaveLength(1)
    expect(unnumberedNotes(`// ${word} (#12): later`)).toEqual([])
    expect(unnumberedNotes(`const status = '${word}'`)).toEqual([])
  })
})
