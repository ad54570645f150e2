import { readList, readObject, readText, readTextOrNull, readTexts } from './read.js'
import { request } from './request.js'

/** Who is signed in, and what this server offers. */
export type Me = {
  readonly principal: {
    readonly id: string
    readonly name: string | null
    readonly scopes: readonly string[]
  }
  readonly planes: readonly string[]
  readonly version: string
  readonly publicUrl: string
}

/** A credential for programs. The key itself is shown once, when it is made. */
export type ApiKey = {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly createdAt: string
  readonly lastUsedAt: string | null
}

export async function getMe(): Promise<Me> {
  const body = readObject(await request('GET', '/me'))
  const principal = readObject(body.principal)
  return {
    principal: {
      id: readText(principal.id),
      name: readTextOrNull(principal.name),
      scopes: readTexts(principal.scopes),
    },
    planes: readTexts(body.planes),
    version: readText(body.version),
    publicUrl: readText(body.publicUrl),
  }
}

/** Trades the code of an owner link for a session cookie. A code works once. */
export async function signIn(code: string): Promise<true> {
  await request('POST', '/sign-in', { code })
  return true
}

export async function signOut(): Promise<void> {
  await request('POST', '/sign-out')
}

export async function listKeys(): Promise<ApiKey[]> {
  return readList(readObject(await request('GET', '/keys')).keys).map(parseKey)
}

export async function createKey(name: string): Promise<{ name: string; key: string }> {
  const body = readObject(await request('POST', '/keys', { name }))
  return { name: readText(body.name, name), key: readText(body.key) }
}

export async function revokeKey(id: string): Promise<void> {
  await request('DELETE', `/keys/${encodeURIComponent(id)}`)
}

function parseKey(value: unknown): ApiKey {
  const key = readObject(value)
  return {
    id: readText(key.id),
    name: readText(key.name),
    scopes: readTexts(key.scopes),
    createdAt: readText(key.createdAt),
    lastUsedAt: readTextOrNull(key.lastUsedAt),
  }
}
