// Paths of the machine that agents run on, as text: it may be another system than this one.

export const joinPath = (folder: string, name: string): string =>
  folder === '' ? name : folder.endsWith('/') ? folder + name : `${folder}/${name}`

export const baseName = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) || path

/** The directory above; of the root, the root. */
export const parentOf = (path: string): string => path.replace(/\/+$/, '').replace(/\/[^/]*$/, '') || '/'

/** As seen from a directory: relative inside of it, else as it is. */
export function relativeTo(folder: string, path: string): string {
  const start = folder.endsWith('/') ? folder : `${folder}/`
  return path.startsWith(start) ? path.slice(start.length) : path
}

/** The name of a language for a file, as it would stand behind a fence; undefined for none that is known. */
export function languageOf(path: string): string | undefined {
  const name = baseName(path)
  return /^(Dockerfile|Makefile)$/.test(name) ? 'sh' : (/\.([a-z0-9]+)$/i.exec(name)?.[1] ?? undefined)
}
