import type { OpenAPIHono } from '@hono/zod-openapi'
import { kernelErrors } from '@parley/kernel/errors'
import { answer, type DoorEnv, infoOf, jsonResponse } from '@parley/kernel/http'
import type { Clock } from '@parley/kernel/ids'
import { addressBlock, slidingLog } from '@parley/kernel/limits'
import { isOriginAllowed } from '@parley/kernel/origin'
import * as z from 'zod'
import { cookieName, readCookie } from '../auth/authenticate.js'
import { type Credentials, sessionLifetimeSeconds } from '../auth/credentials.js'
import { documentRoute } from './document.js'
import { parseJson } from './parse.js'

const SignIn = z.object({ code: z.string().min(1).max(200) })
const triesPerMinute = 20

type Options = {
  credentials: Credentials
  clock: Clock
  selfOrigins(request: Request): readonly string[]
}

/** Signing a browser in with an owner link, and out again. */
export function addSignInRoutes(
  app: OpenAPIHono<DoorEnv>,
  { credentials, clock, selfOrigins }: Options,
): void {
  const tries = slidingLog({ limit: triesPerMinute, windowMs: 60_000, clock })
  const assertOwnPage = (request: Request) => {
    if (!isOriginAllowed(request.headers.get('origin'), selfOrigins(request), []))
      throw kernelErrors.originNotAllowed()
  }

  app.post('/parley/v1/sign-in', async (context) => {
    assertOwnPage(context.req.raw)
    const verdict = tries.take(addressBlock(infoOf(context).remoteAddress))
    if (!verdict.ok) throw kernelErrors.rateLimited({ retryAfter: verdict.retryAfter })
    const { code } = await parseJson(context, SignIn)
    const token = await credentials.signIn(code)
    // What the browser sees decides: a proxy may end TLS before us, or the owner may sit on this machine.
    const isSecure = (context.req.header('origin') ?? context.req.url).startsWith('https:')
    return jsonResponse(
      200,
      { signedIn: true },
      { 'set-cookie': cookie(token, sessionLifetimeSeconds, isSecure) },
    )
  })
  documentRoute(app, {
    method: 'post',
    path: '/parley/v1/sign-in',
    tag: 'server',
    summary: 'Sign a browser in with the code of an owner link',
    body: SignIn,
  })

  app.post('/parley/v1/sign-out', async (context) => {
    assertOwnPage(context.req.raw)
    const token = readCookie(context.req.raw.headers.get('cookie'), cookieName)
    if (token) await credentials.signOut(token)
    return answer(204, null, { 'set-cookie': cookie('', 0, false) })
  })
  documentRoute(app, {
    method: 'post',
    path: '/parley/v1/sign-out',
    tag: 'server',
    summary: 'Sign this browser out',
    status: 204,
  })
}

function cookie(token: string, maxAgeSeconds: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : ''
  return `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`
}
