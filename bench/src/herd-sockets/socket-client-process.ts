// Many clients of one library; tells what they have done when asked.
import process from 'node:process'
import { type ClientCounts, socketContenders } from './socket-contenders.ts'

const [name, url = '', clients] = process.argv.slice(2)
const contender = socketContenders.find((each) => each.name === name)
if (!contender) throw new Error(`no contender ${name}`)
const counts: ClientCounts = { dials: 0, open: 0 }
const start = await contender.load(url, counts)
process.on('message', () => process.send?.(counts))
process.once('disconnect', () => process.exit())
for (let client = 0; client < Number(clients); client++) start()
