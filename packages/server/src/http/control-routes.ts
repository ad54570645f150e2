import type { OpenAPIHono } from '@hono/zod-openapi'
import { type DoorEnv, jsonResponse } from '@parley/kernel/http'
import type { Credentials } from '../auth/credentials.js'
import type { Gate } from './context.js'
import { documentRoute } from './document.js'

type Options = { credentials: Credentials; gate: Gate; publicUrl: () => string }

/** What the `parley` command asks of a running server. */
export function addControlRoutes(app: OpenAPIHono<DoorEnv>, { credentials, gate, publicUrl }: Options): void {
  const path = '/parley/v1/owner-links'
  app.post(path, async (context) => {
    const who = await gate(context, '*')
    return jsonResponse(201, { url: ownerLink(publicUrl(), await credentials.createOwnerLink(who)) })
  })
  documentRoute(app, {
    method: 'post',
    path,
    tag: 'server',
    summary: 'Make an owner link, which signs one browser in',
    status: 201,
  })
}

/** The code stands behind `#`: browsers send that part to nobody. */
export const ownerLink = (publicUrl: string, code: string): string => `${publicUrl}/sign-in#code=${code}`
