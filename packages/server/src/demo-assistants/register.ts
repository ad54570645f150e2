import type { Threads } from '@parley/threads'
import { echo } from './echo.js'
import { type GuideOptions, guideOf } from './guide.js'

/** Registers the scripted assistants of a server that was not told to do without. */
export function registerDemoAssistants(threads: Threads, options: GuideOptions): void {
  threads.assistant('guide', guideOf(options), { name: 'Guide' })
  threads.assistant('echo', echo, { name: 'Echo' })
}
