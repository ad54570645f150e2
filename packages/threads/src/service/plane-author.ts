import { system } from '../protocol/index.js'

/** The author of what the plane says by itself. */
export const planeAuthor = system({ id: 'parley', name: 'Parley' })
