// A CommonJS program: require() of the ESM packages, and a call through them.
const assert = require('node:assert/strict')
const { createFetch } = require('@evenkeel/fetch')

async function main() {
  const [origin, ...entries] = process.argv.slice(2)
  for (const entry of entries) assert.notEqual(Object.keys(require(entry)).length, 0, entry)
  const response = await createFetch()(`${origin}/flaky/commonjs`)
  assert.equal(response.status, 200)
  assert.equal(await response.text(), 'ok')
}

main()
