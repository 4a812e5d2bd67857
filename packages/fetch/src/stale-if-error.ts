export type {
  ServedStale,
  StaleIfErrorFetch,
  StaleIfErrorOptions,
} from './stale-if-error/options.ts'
export { isStale, staleIfError } from './stale-if-error/stale-if-error.ts'
