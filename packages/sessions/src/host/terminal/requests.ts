import * as z from 'zod'
import { HostError } from '../errors.js'

const maxInputBytes = 64 * 1024
const size = z.number().int().min(1).max(1_000)

const Create = z.object({
  sessionId: z.string().optional(),
  /** The program. */
  data: z.string().optional(),
  cols: size.default(120),
  rows: size.default(30),
})
const Input = z.object({ data: z.string() })
const Resize = z.object({ cols: size, rows: size })

export const createBody = (body: unknown) => parse(Create, body ?? {})
export const resizeBody = (body: unknown) => parse(Resize, body)

/** At most 64 KiB. */
export function inputBody(body: unknown): string {
  const { data } = parse(Input, body)
  if (Buffer.byteLength(data) > maxInputBytes) throw new HostError(400, 'Input is longer than 65536 bytes')
  return data
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new HostError(400, `Invalid '${issue?.path.join('.') || 'body'}': ${issue?.message}`)
}
