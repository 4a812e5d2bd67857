// Makes a number of calls under valgrind, and nothing else.
import process from 'node:process'
import { runCalls } from '../race/run-calls.ts'
import { counted } from './counted.ts'

const [table = '', name, count] = process.argv.slice(2)
const contender = counted[table]?.find((each) => each.name === name)
if (!contender) throw new Error(`no contender ${name} ${table}`)
await runCalls(await contender.prepare({ url: '', processId: 1, copy: 0 }), Number(count), 1)
