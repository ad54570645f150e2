import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's root: every program is started from here, whatever the caller's directory was. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** An absolute path inside the checkout. */
export const at = (...parts) => join(root, ...parts)
