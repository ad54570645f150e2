import { kernelErrors } from '@parley/kernel/errors'
import { readJsonObject } from '@parley/kernel/http'
import type { Context } from 'hono'
import type * as z from 'zod'
import { assertStillKnown } from './context.js'

/**
 * Reads and checks a body; throws `kernel.invalid_request` with the issues, and `kernel.unauthenticated` when the
 * credential that passed the gate has ended meanwhile.
 */
export async function parseJson<T extends z.ZodType>(context: Context, schema: T): Promise<z.output<T>> {
  const request = context.req.raw
  const body = await readJsonObject(request, { maxBytes: 64 * 1024, maxDepth: 32 })
  await assertStillKnown(request)
  return check(schema, body)
}

/** Reads and checks the query. */
export function parseQuery<T extends z.ZodType>(context: Context, schema: T): z.output<T> {
  return check(schema, context.req.query())
}

/** Reads and checks a member of the query that may come several times. */
export function parseQueries<T extends z.ZodType>(context: Context, name: string, schema: T): z.output<T> {
  return check(schema, context.req.queries(name) ?? [])
}

function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  throw kernelErrors.invalidRequest({ details: { issues } })
}
