// Runs the smoke test on Node.js, Bun and Deno.
import process from 'node:process'
import { smoke } from './smoke.mjs'

await smoke(process.argv[2])
