import { isLongerThan } from '@parley/kernel/wire'
import * as z from 'zod/mini'
import { defaultLimits, type Limits, lengths } from './limits.js'
import { jsonObject, nameText, tooLarge, whole } from './shapes.js'
import { isAllowedUrl } from './urls.js'

/** What a server lets its users send. */
export type PartOptions = {
  /** Schemes of URLs beside http and https. Default none. */
  urlSchemes?: readonly string[]
  limits?: Pick<Limits, 'parts' | 'textBytes'>
}

/** The schemas of all kinds of part. Absent members may be null. Bytes never travel, only URLs do. */
function partSchemas({ urlSchemes = [], limits = defaultLimits }: PartOptions = {}) {
  const { textBytes } = limits
  const shortText = z.string().check(
    z.refine((value) => !isLongerThan(value, textBytes), {
      error: `is larger than ${textBytes} bytes`,
      params: tooLarge,
    }),
  )
  const url = z.string().check(
    z.minLength(1),
    z.maxLength(lengths.url),
    z.refine((value) => isAllowedUrl(value, urlSchemes), { error: 'must be a URL with an allowed scheme' }),
  )
  return {
    text: z.strictObject({ type: z.literal('text'), text: shortText }),
    image: z.strictObject({ type: z.literal('image'), url, ...file }),
    audio: z.strictObject({ type: z.literal('audio'), url, ...file, duration_ms: z.nullish(whole) }),
    document: z.strictObject({ type: z.literal('document'), url, ...file }),
    form: z.strictObject({ type: z.literal('form'), ...form }),
  }
}

const file = {
  mime: z.string().check(z.minLength(1)),
  name: z.nullish(z.string()),
  /** Bytes. */
  size: z.nullish(whole),
}

/** How far a form is: asked, answered, or given up. */
export const FormStatus = z.enum(['pending', 'submitted', 'cancelled'])
export type FormStatus = z.infer<typeof FormStatus>

const form = {
  form_id: nameText(lengths.id),
  /** A JSON Schema. */
  schema: jsonObject,
  status: FormStatus,
  values: z.nullish(jsonObject),
  /** The event that asked, in the message that answers. */
  answers_event_id: z.nullish(nameText(lengths.id)),
  title: z.nullish(z.string()),
  description: z.nullish(z.string()),
}

const schemas = partSchemas()

/** Text; it may be empty. */
export const TextPart = schemas.text
export type TextPart = z.infer<typeof TextPart>

/** A picture behind a URL. */
export const ImagePart = schemas.image
export type ImagePart = z.infer<typeof ImagePart>

/** Sound behind a URL; `duration_ms` in milliseconds. */
export const AudioPart = schemas.audio
export type AudioPart = z.infer<typeof AudioPart>

/** A file behind a URL. */
export const DocumentPart = schemas.document
export type DocumentPart = z.infer<typeof DocumentPart>

/**
 * A form. It is asked with the status `pending`, and answered by a new message whose part repeats `form_id` with
 * `submitted`, `values` and `answers_event_id`.
 */
export const FormPart = schemas.form
export type FormPart = z.infer<typeof FormPart>

/** A schema of parts that refuses unknown members, and URLs and sizes that `options` do not allow. */
export function contentPartSchema(options?: PartOptions) {
  const { text, image, audio, document, form } = partSchemas(options)
  return z.discriminatedUnion('type', [text, image, audio, document, form])
}

/** One part of a message, as it may be sent to a server without options of its own. */
export const ContentPart = contentPartSchema()
export type ContentPart = z.infer<typeof ContentPart>

/** The content of a message: at least one part. */
export function contentSchema(options: PartOptions = {}) {
  const { parts } = options.limits ?? defaultLimits
  return z.array(contentPartSchema(options)).check(z.minLength(1), z.maxLength(parts))
}

/** Makes a text part. */
export function text(value: string): TextPart {
  return { type: 'text', text: value }
}
