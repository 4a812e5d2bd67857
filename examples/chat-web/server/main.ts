import { parseArgs } from 'node:util'
import { startChat } from './start-chat.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, dev: { type: 'boolean', default: false } },
})
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port must be a whole number from 0 to 65535, got ${values.port}`)
  process.exit(2)
}
const chat = await startChat({ port, isLive: values.dev })
console.log(`The chat is at ${chat.url}, its server at ${chat.mock.url}. Ctrl+C ends both.`)

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void chat.close().then(() => process.exit()))
