import { notify } from '@evenkeel/core'
import type { FetchOptions } from '@evenkeel/fetch'

const names = ['retry', 'rateLimit', 'circuitBreaker', 'idempotency', 'call'] as const

const isBag = (value: unknown): value is object => typeof value === 'object' && value !== null

/** What an app says goes before what a preset says, option by option; `undefined` says nothing. */
export function mergeOptions<T extends Pick<FetchOptions, (typeof names)[number]>>(
  preset: FetchOptions,
  own: T,
): T {
  const merged = over(preset, own)
  for (const name of names) {
    const [inPreset, inOwn] = [preset[name], own[name]]
    if (isBag(inPreset) && isBag(inOwn)) merged[name] = over(inPreset, inOwn)
  }
  return merged as T
}

function over(below: object, above: object): Record<string, unknown> {
  const said = Object.entries(above).filter(([, value]) => value !== undefined)
  return { ...below, ...Object.fromEntries(said) }
}

/** Lets a client hear of a part that has a listener of its own, too. */
export function hearing<O extends { readonly onEvent?: ((event: never) => void) | undefined }>(
  part: O | false | undefined,
  hear: (event: never) => void,
): O | false | undefined {
  if (!part) return part
  const { onEvent: own } = part
  const onEvent = (event: never): void => {
    notify(own, event)
    hear(event)
  }
  return own ? { ...part, onEvent } : part
}
