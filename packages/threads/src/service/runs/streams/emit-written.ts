import { type ThreadEvent, text as textPart } from '../../../protocol/index.js'
import type { RunRow } from '../../../store/port.js'
import type { ThreadsDeps } from '../../deps.js'
import { recipientsOf } from '../../recipients.js'
import type { Emission, TextStream } from '../handler.js'
import { withoutFaults } from '../own-faults.js'
import { emit } from '../transitions.js'
import { StreamWriter } from './stream-writer.js'
import { openText } from './text-source.js'

/**
 * Stores what a handler emitted, and answers the event; a stream of text is told as it comes, then stored. Undefined when
 * the run ended first: then the stream is closed and nothing is stored. Rejects when a stream fails, gives what is not a
 * string, or more than a text part may have.
 */
export async function emitWritten(
  deps: ThreadsDeps,
  run: RunRow,
  emission: Emission,
  signal: AbortSignal,
): Promise<ThreadEvent | undefined> {
  const { stream } = emission
  if (!stream) return withoutFaults(deps, () => emit(deps, run, emission))
  // WHY: refused before anybody has read a word of it.
  await withoutFaults(deps, () => recipientsOf(deps, run.threadId, run.assistant.id, emission.recipients))
  const eventId = deps.ground.ids.next('evt')
  const targetType = emission.type === 'reasoning' ? 'reasoning' : 'message'
  const writer = new StreamWriter(deps, { run, eventId, targetType })
  try {
    if (!(await copy(stream, writer, signal))) return undefined
    const text = writer.finish()
    const content = targetType === 'message' ? [textPart(text)] : text
    // Who asks while it is stored is still answered.
    return await withoutFaults(deps, () => emit(deps, run, { ...emission, content }, eventId))
  } finally {
    writer.close()
  }
}

/** False when the signal aborts before the end: the source may wait for ever. */
async function copy(stream: TextStream, writer: StreamWriter, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  const source = openText(stream)
  const pump = async (): Promise<boolean> => {
    for (;;) {
      const piece = await source.next()
      if (signal.aborted) return false
      if (piece === undefined) return true
      writer.write(piece)
    }
  }
  let onAbort = () => {}
  const aborted = new Promise<false>((resolve) => {
    onAbort = () => resolve(false)
  })
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([aborted, pump()])
  } finally {
    signal.removeEventListener('abort', onAbort)
    source.close()
  }
}
