import { type Clock, sleep } from '@evenkeel/core'
import type { PlatformSignals } from '@evenkeel/core/network'
import type { ChatApi } from '../net/api.ts'
import { ApiError } from '../net/api-error.ts'
import { type LastStay, loadLastStay, saveLastStay } from './last-stay.ts'
import type { KeyValueStorage } from './read-markers.ts'

type ArriveApi = Pick<ChatApi, 'signIn' | 'channels' | 'gatewayUrl'>

/** How long somebody who has been here before waits for the server: a reload in an outage waits as a retry would. */
const patienceMs = 1500

/** Who one is and what there is, from the server; or as it was the last time, if that can't be had soon. */
export async function arrive(
  api: ArriveApi,
  name: string,
  storage: KeyValueStorage,
  signals: Pick<PlatformSignals, 'isOnline'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<LastStay> {
  const last = loadLastStay(storage, name)
  if (last && !signals.isOnline()) return last
  const arriving = ask(api, name, storage)
  if (!last) return arriving
  const waiting = new AbortController()
  const late = sleep(patienceMs, AbortSignal.any([waiting.signal, signal]), clock).then(() => last)
  try {
    return await Promise.race([arriving, late])
  } catch (error) {
    if (signal.aborted || (error instanceof ApiError && error.isFinal)) throw error
    return last
  } finally {
    waiting.abort()
  }
}

/** Asks the server; an answer that nobody waits for any more is known the next time. */
async function ask(api: ArriveApi, name: string, storage: KeyValueStorage): Promise<LastStay> {
  const me = await api.signIn(name)
  const [channels, url] = await Promise.all([api.channels(), api.gatewayUrl()])
  const stay = { me, channels, url }
  saveLastStay(storage, name, stay)
  return stay
}
