import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { build, type Plugin } from 'vite'
import { root } from './checkout.js'

/** What a browser would get for an entry point. */
export type BrowserBundle = {
  bytes: number
  /** Node's own modules that something inside asked for, each with the file that asked. */
  builtins: string[]
}

/** Bundles one file (from the root) for a browser, from sources, with everything it imports. */
export async function bundleForBrowser(entry: string): Promise<BrowserBundle> {
  const builtins: string[] = []
  const result = await build({
    configFile: false,
    root,
    logLevel: 'silent',
    plugins: [collectBuiltins(builtins)],
    resolve: { conditions: ['@parley/source', 'module', 'browser', 'production'] },
    build: { write: false, minify: false, lib: { entry: join(root, entry), formats: ['es'] } },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) =>
    'output' in one ? one.output : [],
  )
  const bytes = outputs.reduce((sum, file) => sum + (file.type === 'chunk' ? file.code.length : 0), 0)
  return { bytes, builtins }
}

// OUTSIDE: Vite replaces a Node module by an empty one and only warns, so the bundle would break in the user's page.
function collectBuiltins(found: string[]): Plugin {
  return {
    name: 'parley-collect-builtins',
    enforce: 'pre',
    resolveId(specifier, importer) {
      if (!isBuiltin(specifier)) return null
      found.push(`${specifier} from ${importer?.replace(root, '') ?? 'the entry'}`)
      return { id: specifier, external: true }
    },
  }
}
