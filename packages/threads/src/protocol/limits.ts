/** Bounds of what the plane takes. Bytes are bytes of UTF-8, characters are units of a JavaScript string. */
export type Limits = {
  /** Body of one request, and one frame of a socket. Default 1 MiB. */
  bodyBytes: number
  /** Nesting of lists and objects in one body. Default 64. */
  depth: number
  /** Parts of one message. Default 64. */
  parts: number
  /** Text of one text part. Default 256 KiB. */
  textBytes: number
  /** JSON of the metadata of one thing. Default 64 KiB. */
  metadataBytes: number
  /** Entries of a thread's tenant. Default 32. */
  tenantEntries: number
  /** Assistants of one invocation. Default 32. */
  assistants: number
  /** Members of one thread, and recipients of one message. Default 1000. */
  members: number
  /** Entries of one page; a larger `limit` is lowered to it. Default 500. */
  pageItems: number
}

/** The limits of a server that was not told others. */
export const defaultLimits: Limits = {
  bodyBytes: 1024 * 1024,
  depth: 64,
  parts: 64,
  textBytes: 256 * 1024,
  metadataBytes: 64 * 1024,
  tenantEntries: 32,
  assistants: 32,
  members: 1000,
  pageItems: 500,
}

/** Lengths that the contract fixes, in characters. */
export const lengths = {
  /** A `client_id` has 1 to 128. */
  clientId: 128,
  /** An `idempotency_key` has 1 to 255. */
  idempotencyKey: 255,
  /** Ids of identities, threads, runs and events have 1 to 255. */
  id: 255,
  /** The name of an identity. */
  name: 1024,
  /** Why somebody approved or rejected a call. */
  reason: 2000,
  /** The role of a member has 1 to 64. */
  role: 64,
  /** A URL, presigned ones included. */
  url: 8192,
}
