// The three routes that validate with a schema, and word their refusals differently (section 2).
import { readBody } from '@parley/kernel/http'
import type * as z from 'zod'
import type { Answer } from './answer.js'
import type { Call } from './call.js'

/** A content type of JSON, as the original's validator recognises it. */
const json = /^application\/([a-z-.]+\+)?json(;\s*[a-zA-Z0-9-]+=([^;]+))*$/

/** Runs with the body that the schema made of the request's, or answers what is wrong with it. */
export async function validated<T>(
  call: Call,
  schema: z.ZodType<T>,
  run: (body: T) => Promise<Answer>,
): Promise<Answer> {
  const text = await textOf(call)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { status: 400, text: 'Malformed JSON in request body' }
  }
  const read = schema.safeParse(value)
  if (read.success) return run(read.data)
  const { message } = read.error
  return { status: 400, body: { success: false, error: { name: 'ZodError', message } } }
}

/** Without a JSON content type nothing is read: the schema says what is missing. */
async function textOf({ request, bodyBytes }: Call): Promise<string> {
  if (!json.test(request.headers.get('content-type') ?? '')) return '{}'
  return new TextDecoder().decode(await readBody(request, bodyBytes))
}
