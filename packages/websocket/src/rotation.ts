export { type RotateOptions, rotate } from './rotation/rotate.ts'
