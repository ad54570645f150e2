// A package with prebuilt programs names one optional package for each platform. `npm install` leaves out of the lock
// file those that its registry did not serve (a mirror may carry one platform only), and from then on `npm ci` refuses
// that lock file wherever they are still not served. The entries that are missing follow from what is there.

/** Optional dependencies that entries of a lock file name and that it does not list, as `{ name, version, isDev }`. */
export function missingOptionals({ packages }) {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isListed(packages, path, name))
      .map(([name, version]) => ({ name, version, isDev: dev })),
  )
  return [...new Map(missing.map((one) => [one.name, one])).values()]
}

/** The lock file with entries for them. They have no digest: nobody here has seen the package. */
export function completeLock(lock) {
  const added = missingOptionals(lock).map((one) => [`node_modules/${one.name}`, toEntry(one)])
  const byPath = ([a], [b]) => (a < b ? -1 : 1)
  return { ...lock, packages: Object.fromEntries([...Object.entries(lock.packages), ...added].sort(byPath)) }
}

/** Looks where Node would: beside the package that asks, then in each folder above it. */
function isListed(packages, path, name) {
  if (`${path ? `${path}/` : ''}node_modules/${name}` in packages) return true
  return (
    path !== '' && isListed(packages, path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name)
  )
}

function toEntry({ name, version, isDev }) {
  if (!/^\d+\.\d+\.\d+[\w.-]*$/.test(version))
    throw new Error(`${name} is asked for as "${version}": which version is it?`)
  return { version, ...(isDev && { dev: true }), optional: true, ...platformOf(name) }
}

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/** From a name such as `@oxlint/binding-linux-arm-gnueabihf`: the fields by which npm skips it elsewhere. */
function platformOf(name) {
  const words = name.split(/[-/]/)
  const [os, cpu] = [systems, processors].map((known) => known.filter((word) => words.includes(word)))
  if (cpu.length !== 1 || (os.length !== 1 && cpu[0] !== 'wasm32'))
    throw new Error(`For which platform is ${name}?`)
  return { ...(os.length > 0 && { os }), cpu, ...libcOf(words) }
}

function libcOf(words) {
  if (words.some((word) => word.startsWith('musl'))) return { libc: ['musl'] }
  return words.some((word) => word.startsWith('gnu')) ? { libc: ['glibc'] } : {}
}
