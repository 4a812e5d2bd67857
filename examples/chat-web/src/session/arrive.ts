import type { PlatformSignals } from '@evenkeel/core/network'
import type { ChatApi } from '../net/api.ts'
import { ApiError } from '../net/api-error.ts'
import { type LastStay, loadLastStay } from './last-stay.ts'
import type { KeyValueStorage } from './read-markers.ts'

/** Who one is and what there is, from the server; or as it was the last time, if that can't be had. */
export async function arrive(
  api: Pick<ChatApi, 'signIn' | 'channels' | 'gatewayUrl'>,
  name: string,
  storage: KeyValueStorage,
  signals: Pick<PlatformSignals, 'isOnline'>,
): Promise<LastStay> {
  const last = loadLastStay(storage, name)
  if (last && !signals.isOnline()) return last
  try {
    const me = await api.signIn(name)
    const [channels, url] = await Promise.all([api.channels(), api.gatewayUrl()])
    return { me, channels, url }
  } catch (error) {
    if (!last || (error instanceof ApiError && error.isFinal)) throw error
    return last
  }
}
