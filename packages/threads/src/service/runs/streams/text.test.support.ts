/** A text that a test writes, as a model would. */
export type Script = {
  /** To be given to `send`; read once. */
  text: AsyncIterable<string>
  write(...pieces: unknown[]): void
  end(): void
  fail(error: Error): void
  /** True once the reader has said that it reads no more. */
  readonly isClosed: boolean
}

/** What was written is there at once; the reader waits for what comes next. */
export function script(): Script {
  const waiting: (() => IteratorResult<string>)[] = []
  let wake = () => {}
  let isClosed = false
  const put = (result: () => IteratorResult<string>) => {
    waiting.push(result)
    wake()
  }
  const next = async (): Promise<IteratorResult<string>> => {
    while (waiting.length === 0 && !isClosed)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    return waiting.shift()?.() ?? { done: true, value: undefined }
  }
  const close = async (): Promise<IteratorResult<string>> => {
    isClosed = true
    wake()
    return { done: true, value: undefined }
  }
  return {
    text: { [Symbol.asyncIterator]: () => ({ next, return: close }) },
    // The cast: some tests write what a type would not let them.
    write: (...pieces) => {
      for (const value of pieces) put(() => ({ done: false, value: value as string }))
    },
    end: () => put(() => ({ done: true, value: undefined })),
    fail: (error) =>
      put(() => {
        throw error
      }),
    get isClosed() {
      return isClosed
    },
  }
}

/** A web stream of these pieces. */
export function readable(pieces: readonly string[]): ReadableStream<string> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })
}
