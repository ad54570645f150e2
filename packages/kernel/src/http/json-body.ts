import { kernelErrors } from '../errors/index.js'
import { isDeeperThan } from './json-depth.js'
import { readBody } from './read-body.js'

/** Limits of a JSON body. */
export type JsonLimits = {
  /** Default 1 MiB. */
  maxBytes?: number
  /** Nesting of arrays and objects; default 64. */
  maxDepth?: number
  /** An empty body is no object, rather than `{}`. Default false. */
  isRequired?: boolean
}

/** An object, or JSON of another kind, for which each contract has words of its own. */
export type JsonBody =
  | { outcome: 'object'; value: Record<string, unknown> }
  | { outcome: 'other'; value: unknown }

/**
 * Reads a request's body as JSON in strict UTF-8; an empty body is `{}` unless it `isRequired`. The content type is
 * not examined. Throws `kernel.body_too_large` (before the whole body is read), `kernel.malformed_json`, and
 * `kernel.invalid_request` when it is nested too deeply or ended early.
 */
export async function readJsonBody(request: Request, limits: JsonLimits = {}): Promise<JsonBody> {
  const { maxBytes = 1024 * 1024, maxDepth = 64, isRequired = false } = limits
  const text = toText(await readBody(request, maxBytes))
  if (text.trim() === '')
    return isRequired ? { outcome: 'other', value: undefined } : { outcome: 'object', value: {} }
  if (isDeeperThan(text, maxDepth))
    throw kernelErrors.invalidRequest({ message: 'The JSON is nested too deeply.', details: { maxDepth } })

  const value = parse(text)
  return isRecord(value) ? { outcome: 'object', value } : { outcome: 'other', value }
}

/** Like `readJsonBody`, for routes that only take objects: refuses other JSON with `kernel.invalid_request`. */
export async function readJsonObject(
  request: Request,
  limits: JsonLimits = {},
): Promise<Record<string, unknown>> {
  const body = await readJsonBody(request, limits)
  if (body.outcome === 'other')
    throw kernelErrors.invalidRequest({ message: 'The body must be a JSON object.' })
  return body.value
}

function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw kernelErrors.malformedJson({ message: 'The body is not UTF-8.', cause: error })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw kernelErrors.malformedJson({ cause: error })
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
