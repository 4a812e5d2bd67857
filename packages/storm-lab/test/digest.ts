import {
  type Contender,
  type ContenderName,
  contenders,
  runStorm,
  scenarios,
} from '../src/index.ts'

/** A short digest of a text: FNV-1a, by Fowler, Noll and Vo. */
function digestOf(text: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16)
}

/** The digest of a storm as each engine must make it. */
export async function stormDigest(seed: number, ...names: ContenderName[]): Promise<string> {
  const report = await runStorm(scenarios.cascade, {
    clients: 300,
    seed,
    contenders: names.map((name): Contender => contenders[name]),
  })
  return digestOf(JSON.stringify(report))
}

/** The digests of seeds 1 to 3 of clients that only the simulator plays. */
export const engineDigests: readonly string[] = ['2a936681', 'b0a5fbe', 'c08377a0']
