export {
  defineErrors,
  type ErrorEntry,
  type ErrorExtra,
  isFault,
  isParleyError,
  ParleyError,
  type Problem,
  toProblem,
} from './define-errors.js'
export { kernelErrors } from './kernel-errors.js'
