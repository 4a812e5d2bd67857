export {
  type ConformanceOptions,
  type StoreCheck,
  type StoreHarness,
  storeConformance,
} from './store-conformance.ts'
