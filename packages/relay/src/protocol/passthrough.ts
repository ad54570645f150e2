/** A sanitised request of a platform (contract 6.2). */
export type PassthroughForward = {
  platform: string
  botId: string
  method: string
  path: string
  /** In order of arrival; names may repeat. */
  headers: [string, string][]
  body: Uint8Array
  profile?: string
}

/** As it stands in a frame. */
export type PassthroughWire = Omit<PassthroughForward, 'body'> & {
  /** Standard base64 with padding. */
  bodyB64: string
}
