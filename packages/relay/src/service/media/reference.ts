import { httpUrl, isMediaOf, mediaIdOf } from '../../protocol/index.js'

const mediaPath = /\/relay\/media\/([0-9a-f]{32})$/

/** The reference of a file; without a public address of the connector only its path. */
export const referenceOf = (id: string, publicUrl = ''): string => httpUrl(publicUrl, `/relay/media/${id}`)

/**
 * The id that a reference names, and whether it can only be ours; undefined for any other address. A gateway may have dialled
 * another address than the public one, so that a reference with a host that we don't know may be ours as well.
 */
export function readReference(url: string, publicUrl?: string): { id: string; isOurs: boolean } | undefined {
  if (publicUrl !== undefined && isMediaOf(url, publicUrl))
    return { id: mediaIdOf(url, publicUrl) ?? '', isOurs: true }
  const isPath = /^\/(?![/\\])/.test(url)
  const path = isPath ? url : URL.canParse(url) ? new URL(url).pathname : ''
  const id = mediaPath.exec(path)?.[1]
  return isPath || id !== undefined ? { id: id ?? '', isOurs: isPath } : undefined
}
