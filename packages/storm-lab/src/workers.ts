export { type RunStormsOptions, runStorms, type StormJob } from './run-storms.ts'
