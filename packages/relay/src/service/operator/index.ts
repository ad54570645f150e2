export { createOperator } from './operator.js'
