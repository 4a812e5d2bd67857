export { type BatchFetchOptions, batchFetch } from './fetch/batch-fetch.ts'
export type { BatchCodec, BatchedRequest } from './fetch/codec.ts'
export { type JsonBatchOptions, jsonBatch } from './fetch/json-batch.ts'
export { type MultipartBatchOptions, multipartBatch } from './fetch/multipart-batch.ts'
export {
  type FetchInput,
  type FetchOf,
  type SingleFlightFetchOptions,
  singleFlightFetch,
} from './fetch/single-flight-fetch.ts'
