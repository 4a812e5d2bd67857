import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { contenders, runStorm, scenarios } from '../src/index.ts'

/** The digest of twenty seeds' reports, each made twice. */
async function digest(): Promise<string> {
  const hash = createHash('sha256')
  for (let seed = 1; seed <= 20; seed++) {
    const run = () =>
      runStorm(scenarios.cascade, {
        clients: 300,
        seed,
        contenders: [contenders.prescription, contenders['sre-throttle'], contenders.evenkeel],
      })
    const [first, second] = [JSON.stringify(await run()), JSON.stringify(await run())]
    if (first !== second) throw new Error(`seed ${seed} gave two reports`)
    hash.update(first)
  }
  return hash.digest('hex').slice(0, 16)
}

/** Twenty seeds, twice, in this Node.js and in 22. */
export async function determinism(): Promise<void> {
  console.log(`Node.js ${process.version}: ${await digest()}`)
  const url = fileURLToPath(import.meta.url)
  const program = `import(${JSON.stringify(url)}).then((m) => m.printDigest())`
  const args = [
    '--yes',
    '--package=node@22',
    'node',
    '--conditions=@evenkeel/source',
    '-e',
    program,
  ]
  const { stdout, stderr, status } = spawnSync('npx', args, { encoding: 'utf8' })
  console.log(status === 0 ? stdout.trim() : `Node.js 22 can't be had: ${stderr.trim()}`)
}

/** What the other Node.js prints. */
export async function printDigest(): Promise<void> {
  console.log(`Node.js ${process.version}: ${await digest()}`)
}
