// The few schemas that the others are made of.
// WHY mini: zod's other schemas compile code from text, which a page with a strict content security policy reports.

import { isDeeperThan, isJsonObject, type JsonObject, jsonBytes } from '@parley/kernel/wire'
import * as z from 'zod/mini'
import { defaultLimits, type Limits } from './limits.js'

/** An object of JSON, kept as it is: zod's records lose a key named `__proto__`. */
export const jsonObject = z.custom<JsonObject>(isJsonObject, { error: 'must be an object' })

/** Marks a check whose failure is `payload_too_large` and not `invalid_request`. */
export const tooLarge = { tooLarge: true }

/** An object of JSON within the limits of metadata. */
export function metadataObject(limits: Pick<Limits, 'depth' | 'metadataBytes'> = defaultLimits) {
  const { depth, metadataBytes } = limits
  return jsonObject.check(
    // Depth first: measuring the bytes of a hostile value recurses, walking its depth does not.
    z.refine((value) => !isDeeperThan(value, depth), { error: 'is nested too deep', abort: true }),
    z.refine((value) => jsonBytes(value) <= metadataBytes, {
      error: `is larger than ${metadataBytes} bytes`,
      params: tooLarge,
    }),
  )
}

/**
 * A text that names something: 1 to `max` characters. A NUL ends a text in databases, and half of a surrogate pair
 * has no UTF-8, so that two such names could become the same.
 */
export function nameText(max: number) {
  return z.string().check(
    z.minLength(1),
    z.maxLength(max),
    z.refine((text) => !/[\0\p{Surrogate}]/u.test(text), { error: 'has characters that cannot be stored' }),
  )
}

/** A whole number from 0. */
export const whole = z.int().check(z.minimum(0))

/** Absent and null alike are `make()`. */
export function orElse<T>(schema: z.ZodMiniType<T>, make: () => NoInfer<T>) {
  return z.pipe(
    z.nullish(schema),
    z.transform((value: T | null | undefined): T => value ?? make()),
  )
}

/** Absent and null alike are null. */
export function orNull<T>(schema: z.ZodMiniType<T>) {
  return z.pipe(
    z.nullish(schema),
    z.transform((value: T | null | undefined): T | null => value ?? null),
  )
}

/** An object that keeps members which this version does not know; its type does not speak of them. */
export function keeping<T extends z.core.$ZodShape>(shape: T) {
  // A loose object reads the same members; only the index signature of its type is left out.
  return z.looseObject(shape) as unknown as z.ZodMiniObject<T, z.core.$strip>
}
