// What a server may ask a host for over the link (section 13.4). Whatever else the host answers is none of its business.

const allowed = /^\/(health$|sessions\/[^/]+\/|files$|fs\/|terminals($|\/))/

/** True for a path that may be asked for over the link. */
export function isAllowedOverLink(path: string): boolean {
  return allowed.test(path)
}
