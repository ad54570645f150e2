import { threadsErrors } from '../errors.js'
import { cursorSchema } from './cursors.js'
import { defaultLimits } from './limits.js'
import type { ThreadCursor } from './objects.js'
import { readAs } from './read.js'

/** A page of threads, newest first. */
export type ThreadQuery = {
  /** 1 to 500. */
  limit: number
  cursor?: ThreadCursor
  /** Only threads that the caller belongs to. */
  memberOnly: boolean
  /** Each thread with how much the caller has not read in it. */
  unread: boolean
}

/** A page of a thread's runs, newest first. */
export type RunQuery = {
  /** 1 to 500. */
  limit: number
  /** Its time is that of `started_at`. */
  cursor?: ThreadCursor
  /** Only pending and running ones. */
  activeOnly: boolean
}

/** A page of a thread's events. */
export type EventQuery = {
  /** 1 to 500. */
  limit: number
  cursor?: ThreadCursor
  order: 'asc' | 'desc'
  /** Only events of these types; names that nobody knows match nothing. */
  types?: string[]
  /** Only events with a larger number. */
  afterSeq?: number
}

/** Reads the query of `GET /threads`: 50 at once unless it says otherwise. Throws `threads.invalid_request`. */
export function parseThreadQuery(query: URLSearchParams): ThreadQuery {
  const member = query.get('member')
  if (member !== null && member !== 'me') throw invalid('member must be: me')
  return { ...pageOfQuery(query, 50), memberOnly: member === 'me', unread: isAsked(query, 'unread') }
}

/** Reads the query of `GET /threads/:id/runs`: 50 at once unless it says otherwise. Throws `threads.invalid_request`. */
export function parseRunQuery(query: URLSearchParams): RunQuery {
  return { ...pageOfQuery(query, 50), activeOnly: isAsked(query, 'active') }
}

/** Reads the query of `GET /threads/:id/events`: 100 at once unless it says otherwise. Throws `threads.invalid_request`. */
export function parseEventQuery(query: URLSearchParams): EventQuery {
  const types = query.get('types')
  const afterSeq = query.get('after_seq')
  return {
    ...pageOfQuery(query, 100),
    order: toOrder(query.get('order') ?? 'asc'),
    ...(types !== null && { types: types.split(',').map((type) => type.trim()) }),
    ...(afterSeq !== null && { afterSeq: toWhole(afterSeq, 'after_seq', 0) }),
  }
}

function pageOfQuery(query: URLSearchParams, defaultLimit: number): { limit: number; cursor?: ThreadCursor } {
  const asked = query.get('limit')
  const limit = asked === null ? defaultLimit : toWhole(asked, 'limit', 1)
  const cursor = toCursor(query.get('cursor_created_at'), query.get('cursor_id'))
  return { limit: Math.min(limit, defaultLimits.pageItems), ...(cursor && { cursor }) }
}

function toCursor(createdAt: string | null, id: string | null): ThreadCursor | undefined {
  if (createdAt === null && id === null) return undefined
  if (createdAt === null || id === null) throw invalid('cursor_created_at and cursor_id go together')
  return readAs(cursorSchema, { created_at: createdAt, id }, 'cursor')
}

function isAsked(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? 'false'
  if (text !== 'true' && text !== 'false') throw invalid(`${name} must be one of: true, false`)
  return text === 'true'
}

function toOrder(text: string): 'asc' | 'desc' {
  if (text === 'asc' || text === 'desc') return text
  throw invalid('order must be one of: asc, desc')
}

function toWhole(text: string, name: string, least: number): number {
  const value = /^\d+$/.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : Number.NaN
  if (value >= least) return value
  throw invalid(`${name} must be a whole number from ${least}`)
}

const invalid = (message: string) => threadsErrors.invalidRequest({ message })
