import * as z from 'zod'
import type { OperatorRoute } from '../protocol/index.js'
import type { Call, Http } from './http.js'
import { RelayClientError } from './relay-client-error.js'

type Schema<T> = z.ZodType<T>

/** Calls of routes whose answers are read with the protocol's schemas. */
export type Calls = {
  /** Of a route that answers an object. */
  one<T>(route: OperatorRoute & { answer: 'object' }, schema: Schema<T>, call?: Call): Promise<T>
  /** Of a route that answers a list. */
  list<T>(route: OperatorRoute & { answer: 'items' }, schema: Schema<T>, call?: Call): Promise<T[]>
  /** Of a route that answers nothing. */
  none(route: OperatorRoute & { answer: 'nothing' }, call?: Call): Promise<void>
}

export function createCalls(http: Http): Calls {
  return {
    one: async (route, schema, call) => read(schema, await http(route, call)),
    list: async (route, schema, call) =>
      read(z.object({ items: z.array(schema) }), await http(route, call)).items,
    none: async (route, call) => void (await http(route, call)),
  }
}

function read<T>(schema: Schema<T>, value: unknown): T {
  try {
    return schema.parse(value)
  } catch (cause) {
    throw new RelayClientError('invalid_response', 'the server answered with something else', { cause })
  }
}
