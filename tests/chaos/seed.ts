/** The seed of this run: `PARLEY_CHAOS_SEED` to repeat one, else a new one. */
const seedOfRun = (): number => Number(process.env.PARLEY_CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 32))

/** Runs a test and names the seed when it fails. */
export async function withSeed<T>(run: (seed: number) => Promise<T>): Promise<T> {
  const seed = seedOfRun()
  try {
    return await run(seed)
  } catch (error) {
    console.error(`Repeat this failure with PARLEY_CHAOS_SEED=${seed}.`)
    throw error
  }
}
