import { parseArgs } from 'node:util'
import { startChat } from './start-chat.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, dev: { type: 'boolean', default: false } },
})
const chat = await startChat({ port: Number(values.port), isLive: values.dev })
console.log(`The chat is at ${chat.url}, its server at ${chat.mock.url}. Ctrl+C ends both.`)

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void chat.close().then(() => process.exit()))
