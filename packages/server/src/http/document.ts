import type { OpenAPIHono } from '@hono/zod-openapi'
import type { DoorEnv } from '@parley/kernel/http'
import type * as z from 'zod'

type Method = 'get' | 'post' | 'patch' | 'delete'

/** What the API page says of a route. */
export type RouteDocument = {
  method: Method
  path: string
  tag: string
  summary: string
  body?: z.ZodType
  query?: z.ZodObject
  /** Status of a good answer; default 200. */
  status?: number
}

/** Adds a route to the API page. */
export function documentRoute(
  app: OpenAPIHono<DoorEnv>,
  { method, path, tag, summary, body, query, status = 200 }: RouteDocument,
): void {
  app.openAPIRegistry.registerPath({
    method,
    path: path.replace(/:(\w+)/g, '{$1}'),
    tags: [tag],
    summary,
    request: {
      ...(query && { query }),
      ...(body && { body: { content: { 'application/json': { schema: body } } } }),
    },
    responses: {
      [status]: { description: 'Done.' },
      default: { description: 'Refused: a problem body with `code` and `message`.' },
    },
  })
}
