/** What one side of a comparison does in one round. */
export type Side<Sample> = () => Promise<Sample>

/**
 * Runs the sides in turns, `rounds` times each. Every other round runs them the other way round, so that none always
 * comes first. Answers the samples of each side in order of rounds.
 */
export async function takeTurns<Sample, Name extends string>(
  rounds: number,
  sides: Readonly<Record<Name, Side<Sample>>>,
): Promise<Record<Name, Sample[]>> {
  const names = Object.keys(sides) as Name[]
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) samples[name].push(await sides[name]())
  }
  return samples
}
