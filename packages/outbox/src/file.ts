export { type FileStoreOptions, fileStore } from './file/file-store.ts'
export type { FileSystem, OpenFile } from './file/file-system.ts'
