import { readFile } from 'node:fs/promises'
import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import { kernelErrors } from '@parley/kernel/errors'
import { answer, type DoorEnv } from '@parley/kernel/http'
import * as z from 'zod'
import { version } from '../version.js'
import { documentRoute } from './document.js'
import { pageHeaders } from './page-headers.js'

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Parley API</title>
<link rel="icon" href="data:,">
</head>
<body>
<script id="api-reference" data-url="/openapi.json" data-configuration='{"withDefaultFonts":false,"telemetry":false,"showDeveloperTools":"never","agent":{"disabled":true},"mcp":{"disabled":true},"hideClientButton":true}'></script>
<script src="/docs/api-setup.js"></script><script src="/docs/api.js"></script>
</body>
</html>
`

// The viewer asks whether it may make code out of text; the page's policy says no, and this spares the question.
const setup = 'globalThis.__zod_globalConfig = { jitless: true }\n'

/** The document of all routes, and a page that shows it. Nothing is fetched from elsewhere. */
export function addApiPage(app: OpenAPIHono<DoorEnv>, apps: readonly OpenAPIHono<DoorEnv>[]): void {
  // WHY: bytes that all answers share. Anybody may ask, many times in one packet, and read none of the answers.
  let document: Uint8Array<ArrayBuffer> | undefined
  let script: Promise<Uint8Array<ArrayBuffer>> | undefined
  const tag = 'server'
  documentRoute(app, { method: 'get', path: '/openapi.json', tag, summary: 'Read this document' })
  documentRoute(app, { method: 'get', path: '/docs/api', tag, summary: 'Read it as a page' })
  app.get('/openapi.json', () => {
    document ??= new TextEncoder().encode(JSON.stringify(toDocument([app, ...apps])))
    return answer(200, document, { 'content-type': 'application/json' })
  })
  app.get('/docs/api', () =>
    answer(200, page, { ...pageHeaders({ inlineStyles: true }), 'content-type': 'text/html; charset=utf-8' }),
  )
  app.get('/docs/api-setup.js', () =>
    answer(200, setup, { 'content-type': 'text/javascript; charset=utf-8' }),
  )
  app.get('/docs/api.js', async () => {
    script ??= readScript().catch((error) => {
      script = undefined
      throw error
    })
    return answer(200, await script, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=3600',
    })
  })
}

function toDocument(apps: readonly OpenAPIHono<DoorEnv>[]): object {
  const all = new OpenAPIHono()
  for (const { openAPIRegistry } of apps) {
    for (const definition of openAPIRegistry.definitions) {
      if (definition.type === 'route') all.openAPIRegistry.registerPath(withParams(definition.route))
    }
  }
  const info = {
    title: 'Parley',
    version,
    description: 'People, apps, chat platforms and AI agents meet here.',
  }
  return all.getOpenAPI31Document({ openapi: '3.1.0', info })
}

/** The viewer is copied beside the built server; in a checkout that was not built fully it is taken from its package. */
async function readScript(): Promise<Uint8Array<ArrayBuffer>> {
  const places = [new URL('../api-page/standalone.js', import.meta.url)]
  try {
    places.push(new URL('./browser/standalone.js', import.meta.resolve('@scalar/api-reference')))
  } catch {
    // Not installed: only the copy counts.
  }
  for (const place of places) {
    const bytes = await readFile(place).catch(() => undefined)
    if (bytes) return new Uint8Array(bytes)
  }
  throw kernelErrors.notFound({ message: 'The API page was not built. `/openapi.json` is there.' })
}

/** A document must declare what stands in braces in a path; routes are written without doing so. */
function withParams(route: RouteConfig): RouteConfig {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  if (names.length === 0 || route.request?.params) return route
  const params = z.object(Object.fromEntries(names.map((name) => [name, z.string()])))
  return { ...route, request: { ...route.request, params } }
}
