import { defaultClientConditions, defineConfig } from 'vite'

// The packages are taken from their sources, so that the page needs no build of theirs.
export default defineConfig({
  resolve: { conditions: ['@evenkeel/source', ...defaultClientConditions] },
  build: { target: 'es2023' },
})
