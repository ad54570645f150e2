// Files and git of a session: section 2.8.
import { fromHost } from './answer.js'
import type { Call, Route } from './call.js'
import { gitRoutes, hostQuery, pathIn } from './host-query.js'
import type { RouteContext } from './routes.js'

export function fileRoutes({ service }: RouteContext): Route[] {
  const ask = async ({ by, param }: Call, path: string, query: Record<string, string>) =>
    fromHost(await service.fetchSession(by, param('id'), { method: 'GET', path, query }))
  return [
    {
      method: 'GET',
      path: '/agents/:id/files',
      summary: 'Preview a file of the workspace',
      run: (call) => ask(call, '/files', { path: pathIn(call.query) }),
    },
    {
      method: 'GET',
      path: '/agents/:id/fs/snapshot',
      summary: 'List a directory of the workspace',
      run: (call) => ask(call, '/fs/snapshot', hostQuery(call.query)),
    },
    {
      method: 'GET',
      path: '/agents/:id/fs/search',
      summary: 'Search names or texts of files',
      run: (call) => ask(call, '/fs/search', hostQuery(call.query)),
    },
    ...gitRoutes('/agents/:id', (call, request) => service.fetchSession(call.by, call.param('id'), request)),
  ]
}
