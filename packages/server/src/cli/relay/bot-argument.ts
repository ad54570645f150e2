/** `platform:id` as it is written on the command line. */
export function parseBot(text: string): { platform: string; botId: string } {
  const [, platform, botId] = /^([^:]+):(.+)$/.exec(text) ?? []
  if (platform === undefined || botId === undefined)
    throw new Error(`${text}: must be like telegram:7000000001`)
  return { platform, botId }
}
