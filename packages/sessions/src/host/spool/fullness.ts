/** Says when there is no room, and lets whoever waits go on when there is again. */
export interface Fullness {
  /** To be called after every change of what is used. */
  update(): void
  /** Undefined while there is room; else resolves when there is. */
  room(): Promise<void> | undefined
}

export type FullnessOptions = {
  /** True when nothing more should come. */
  isFull(): boolean
  /** 0 to 1. */
  usedShare(): number
  /** Told once when `nearlyFull` is reached, and again after there was clearly more room. */
  onNearlyFull(): void
}

const nearlyFull = 0.95
const clearlyBelow = 0.9

export function createFullness({ isFull, usedShare, onNearlyFull }: FullnessOptions): Fullness {
  let waiting: { promise: Promise<void>; resolve(): void } | undefined
  let wasTold = false

  return {
    update: () => {
      const used = usedShare()
      if (used < clearlyBelow) wasTold = false
      else if (used >= nearlyFull && !wasTold) {
        wasTold = true
        onNearlyFull()
      }
      if (!waiting || isFull()) return
      waiting.resolve()
      waiting = undefined
    },
    room: () => {
      if (!isFull()) return undefined
      waiting ??= gate()
      return waiting.promise
    },
  }
}

function gate(): { promise: Promise<void>; resolve(): void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
