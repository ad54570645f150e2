import type { Principal } from '@parley/kernel/principal'
import type { SessionsDeps } from '../deps.js'

export type PromptsDeps = Pick<SessionsDeps, 'ground' | 'store' | 'router' | 'onFault'>

/** `key`: a repetition with it runs nothing twice; default a new one. */
export type PromptOptions = { text: string; key?: string; by: Principal; signal?: AbortSignal }
