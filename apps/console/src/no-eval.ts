/**
 * Tells zod not to look whether it may make code from text: our content security policy forbids it, and browsers report
 * whoever tries. Imported before anything is read.
 */
Object.assign(configOfZod(), { jitless: true })

function configOfZod(): object {
  // The cast: that is where zod keeps its configuration, made by whoever comes first.
  const page = globalThis as { __zod_globalConfig?: object }
  page.__zod_globalConfig ??= {}
  return page.__zod_globalConfig
}
