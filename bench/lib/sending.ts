/** Something that goes on until it is told to stop. */
export type Sending = {
  readonly isOn: boolean
  /** Runs `send` as long as it asks `isOn`. */
  run(send: () => Promise<unknown>): Promise<void>
  stop(): void
}

/** For a load that lasts as long as somebody measures it. */
export function createSending(): Sending {
  let isOn = false
  return {
    get isOn() {
      return isOn
    },
    run: async (send) => {
      isOn = true
      await send()
    },
    stop: () => {
      isOn = false
    },
  }
}
