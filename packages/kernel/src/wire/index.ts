// What every wire has: times and JSON. Runs in a browser as well.
export { isDeeperThan, isJsonObject, isLongerThan, type JsonObject, jsonBytes } from './json.js'
export { fromIsoTime, toIsoTime } from './times.js'
