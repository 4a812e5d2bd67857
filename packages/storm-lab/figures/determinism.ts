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

/** Twenty seeds, twice, in this Node.js. */
export async function digests(): Promise<void> {
  console.log(`Node.js ${process.version}: ${await digest()}`)
}

/** The same in this one and in 22, which is taken from npm. */
export async function determinism(): Promise<void> {
  await digests()
  const program = fileURLToPath(new URL('figures.ts', import.meta.url))
  const args = ['--yes', '--package=node@22', 'node', '--conditions=@evenkeel/source', program]
  const { stdout, stderr, status } = spawnSync('npx', [...args, 'digests'], { encoding: 'utf8' })
  console.log(status === 0 ? stdout.trim().split('\n').at(-1) : `no Node.js 22: ${stderr.trim()}`)
}
