/** The seam between a link and the WebSocket it rides on. */
export interface LinkSocket {
  send(text: string): void
  /** Says why and closes; a peer that does not answer is cut off after a moment. */
  close(code: number, reason: string): void
  /** Bytes that were sent and have not left yet. */
  readonly bufferedBytes: number
  /** One listener. Nothing comes before there is one. */
  onMessage(listener: (text: string) => void): void
  /** Called once, also when it is closed already. */
  onClose(listener: (code: number, reason: string) => void): void
}
