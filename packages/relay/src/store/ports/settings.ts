import type { Op } from '@parley/kernel/db'

/** Small things that the plane itself remembers, by name. */
export interface SettingRows {
  get(name: string): Promise<string | undefined>
  set(name: string, value: string): Op
  /** Inserts unless it is there; refuses its unit when it is. */
  insert(name: string, value: string): Op
}
