import { defaultLimits, type Limits } from '../../protocol/index.js'
import type { ResolvedOptions } from '../options.js'
import { formFillHandler } from './form-fill.js'
import { genericHandler } from './generic.js'
import type { ModeHandler, ModeHandlers } from './handler.js'

export { formFillHandler } from './form-fill.js'
export { genericHandler } from './generic.js'
export type { BatchIo, BatchResult, Gate, ModeHandler, ModeHandlers } from './handler.js'

/** The built-in modes. `fill-form`, the name in the protocol's own text, is form-fill, too (contract W9). */
export const defaultHandlers: ModeHandlers = builtIn(defaultLimits)

function builtIn(limits: Limits): ModeHandlers {
  const form = formFillHandler(limits)
  return { 'form-fill': form, 'fill-form': form, default: genericHandler(limits) }
}

/** The application's handlers over the built-in ones, which are always there. */
export function allHandlers({
  modeHandlers,
  limits,
}: Pick<ResolvedOptions, 'modeHandlers' | 'limits'>): ModeHandlers {
  const all = { ...builtIn(limits), ...modeHandlers }
  // A form-fill handler of the application answers to the other name as well.
  if (modeHandlers?.['form-fill'] && !modeHandlers['fill-form']) all['fill-form'] = modeHandlers['form-fill']
  return all
}

/** The handler of a mode, else the one named `default`. */
export function handlerFor(
  mode: string | null | undefined,
  handlers: ModeHandlers = defaultHandlers,
): ModeHandler {
  const known = typeof mode === 'string' && Object.hasOwn(handlers, mode) ? handlers[mode] : handlers.default
  return known ?? genericHandler()
}

/**
 * The name of the handler for a new handshake. Modes without a handler of their own, and handshakes that name
 * no mode, are forms when they have a schema (contract W9), or always when the server speaks version 0.1.
 * Undefined: such a mode is refused.
 */
export function chooseHandler(
  asked: { mode: unknown; hasSchema: boolean },
  handlers: ModeHandlers,
  {
    modes,
    schemaImpliesForm,
    strictModes,
  }: Pick<ResolvedOptions, 'modes' | 'schemaImpliesForm' | 'strictModes'>,
): string | undefined {
  const { mode, hasSchema } = asked
  const isKnown = typeof mode === 'string' && Object.hasOwn(handlers, mode)
  if (isKnown && !(modes === '0.1' && mode === 'default')) return mode
  if (strictModes && mode !== undefined && !isKnown) return undefined
  return modes === '0.1' || (schemaImpliesForm && hasSchema) ? 'form-fill' : 'default'
}
