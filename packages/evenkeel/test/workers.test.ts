import { afterEach, describe, expect, it, vi } from 'vitest'

describe('a client in a Worker of Cloudflare’s', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  async function world() {
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
    vi.resetModules()
    return import('./world.ts')
  }

  it('begins nothing when it is made, as nothing may begin outside of a request', async () => {
    const { world: made } = await world()
    const forbidden = () => {
      throw new Error('Disallowed operation called within global scope')
    }
    vi.stubGlobal('AbortController', forbidden)
    vi.stubGlobal('setTimeout', forbidden)
    vi.spyOn(Math, 'random').mockImplementation(forbidden)
    const { client } = made()
    client.batch(async (keys: readonly number[]) => keys)
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
    expect(await (await client.fetch('me')).text()).toBe('answer to https://api.example.com/v1/me')
    await client.close()
    await expect(client.fetch('me')).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
  })

  it('shares no request, as none may wait for what another has begun, unless it is told to', async () => {
    const { world: made } = await world()
    const { client, asked } = made()
    await Promise.all([client.fetch('me'), client.fetch('me')])
    expect(asked).toHaveLength(2)
    const told = made(undefined, { singleFlight: {} })
    await Promise.all([told.client.fetch('me'), told.client.fetch('me')])
    expect(told.asked).toHaveLength(1)
  })
})
