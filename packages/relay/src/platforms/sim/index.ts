export { type SimDriver, simDriver } from './driver.js'
