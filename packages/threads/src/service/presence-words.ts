// What nodes tell each other about who has a socket in a thread, beside the log: each word may be lost.

/**
 * From one room of one node: who is there, or is there no more. It is told again from time to time, and `online` counts
 * only for a while. With `asks`, the other rooms of the thread tell who is in them.
 */
export type PresenceWord = {
  changed: 'presence'
  /** Names the room that tells it. */
  from: string
  online?: readonly string[]
  offline?: readonly string[]
  asks?: boolean
}
