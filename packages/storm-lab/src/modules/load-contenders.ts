import { type Contender, contender } from '../contenders/contender.ts'
import { contenders } from '../contenders/contenders.ts'
import type { ClientRules } from '../policy/client-rules.ts'
import { importDefault, shownPath } from './import-default.ts'
import { didYouMean, knownAs, UsageError } from './known.ts'

const example = `A policy is the default export of its module: what contender(), mixed() or shell() make, or the rules themselves:

  import { costWeighted } from '@evenkeel/storm-lab'
  export default { attemptTimeoutMs: 20_000, retry: { maxRetries: 2, budget: costWeighted() }, circuitBreaker: false }`

/** What rules can be, and of what type. */
const ruleTypes: Readonly<Record<keyof ClientRules, readonly string[]>> = {
  totalTimeoutMs: ['number'],
  attemptTimeoutMs: ['number'],
  retry: ['object', 'false'],
  cooldown: ['object', 'false'],
  circuitBreaker: ['object', 'false'],
  fleetHint: ['boolean'],
  survivesReload: ['boolean'],
}

/** The contender of a name, or those of the module of a `file:` URL. @throws `UsageError` for what is none */
export async function loadContenders(ref: string): Promise<readonly Contender[]> {
  if (/[/\\]/.test(ref) && !ref.startsWith('file:'))
    throw new UsageError(`a module is named by its file: URL, new URL('${ref}', import.meta.url)`)
  if (!ref.startsWith('file:')) return [knownAs<Contender>('contender', contenders, ref)]
  const found = await importDefault(ref, example)
  const each = Array.isArray(found) ? found : [found]
  if (each.length === 0) throw new UsageError(`${shownPath(ref)} exports no contender. ${example}`)
  return each.map((value) => asContender(value, ref))
}

function asContender(value: unknown, ref: string): Contender {
  const path = shownPath(ref)
  if (typeof value !== 'object' || value === null)
    throw new UsageError(
      `the default export of ${path} is ${value === null ? 'null' : `a ${typeof value}`}, no policy. ${example}`,
    )
  if ('cohorts' in value) {
    const { name, cohorts } = value as Partial<Contender>
    if (typeof name !== 'string' || !Array.isArray(cohorts) || cohorts.length === 0)
      throw new UsageError(`the contender of ${path} needs a name and cohorts. ${example}`)
    return value as Contender
  }
  for (const [key, rule] of Object.entries(value)) {
    if (!Object.hasOwn(ruleTypes, key))
      throw new UsageError(
        `${path} sets '${key}', which is no rule of a client${didYouMean(key, Object.keys(ruleTypes))}\n${example}`,
      )
    const types = ruleTypes[key as keyof ClientRules]
    const type = rule === false && !types.includes('boolean') ? 'false' : typeof rule
    if (rule !== undefined && (rule === null || !types.includes(type)))
      throw new UsageError(
        `${key} of ${path} must be ${types.join(' or ')}, got ${rule}. ${example}`,
      )
  }
  const name = path.replace(/^.*[/\\]/, '').replace(/\.[cm]?[jt]s$/, '')
  try {
    return contender(name, `The rules of ${path}.`, value as ClientRules)
  } catch (error) {
    const reason = (error as Error).message.replace('storm: ', '')
    throw new UsageError(`the rules of ${path} can't be kept: ${reason}`, { cause: error })
  }
}
