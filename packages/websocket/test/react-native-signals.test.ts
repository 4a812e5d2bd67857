import { describe, expect, it } from 'vitest'
import { heartbeat } from '../src/index.ts'
import { type NetInfoStateLike, reactNativeSignals } from '../src/react-native.ts'
import { world } from './world.ts'

/** An app that the test moves to the background and from network to network. */
function fakeApp() {
  const appListeners = new Set<(state: string) => void>()
  const netListeners = new Set<(state: NetInfoStateLike) => void>()
  let network: NetInfoStateLike = { type: 'unknown', isConnected: null }
  const AppState = {
    currentState: 'active' as string | null,
    addEventListener(_type: 'change', listener: (state: string) => void) {
      appListeners.add(listener)
      return { remove: () => appListeners.delete(listener) }
    },
  }
  const NetInfo = {
    addEventListener(listener: (state: NetInfoStateLike) => void) {
      netListeners.add(listener)
      listener(network)
      return () => netListeners.delete(listener)
    },
  }
  return {
    AppState,
    NetInfo,
    get listeners() {
      return appListeners.size + netListeners.size
    },
    move(state: string) {
      AppState.currentState = state
      for (const listener of appListeners) listener(state)
    },
    join(type: string, isConnected: boolean | null = true) {
      network = { type, isConnected }
      for (const listener of netListeners) listener(network)
    },
  }
}

describe('the signals of React Native', () => {
  it('come from AppState and NetInfo, and are let go of', () => {
    const app = fakeApp()
    const signals = reactNativeSignals(app)
    const heard: string[] = []
    const release = signals.listen((signal) => heard.push(signal))
    const go = () => {
      app.move('inactive')
      app.move('active')
      app.move('background')
      app.move('active')
      app.join('wifi')
      app.join('none', false)
      app.join('wifi')
      app.join('cellular')
      app.join('cellular')
      app.join('unknown', null)
    }
    go()
    expect(heard).toEqual(['hidden', 'visible', 'offline', 'online', 'online'])
    release()
    expect(app.listeners).toBe(0)
    go()
    expect(heard).toHaveLength(5)
  })

  it('say how it is', () => {
    const app = fakeApp()
    const signals = reactNativeSignals(app)
    expect([signals.isOnline(), signals.isVisible()]).toEqual([true, true])
    signals.listen(() => {})
    app.join('none', false)
    app.move('background')
    expect([signals.isOnline(), signals.isVisible()]).toEqual([false, false])
    app.AppState.currentState = null
    expect(signals.isVisible()).toBe(true)
  })

  it('do without NetInfo', () => {
    const { AppState } = fakeApp()
    const signals = reactNativeSignals({ AppState })
    signals.listen(() => {})()
    expect(signals.isOnline()).toBe(true)
  })

  it('bring a socket back as soon as the app is in front, and not before', async () => {
    const app = fakeApp()
    const w = world({ signals: reactNativeSignals(app) })
    await w.accept()
    app.move('background')
    w.inner.cut()
    await w.clock.advance(600_000)
    expect(w.sockets).toHaveLength(1)
    app.move('active')
    await w.clock.advance(250)
    expect(w.sockets).toHaveLength(2)
    w.socket.close()
    await w.clock.advance(0)
    expect(app.listeners).toBe(0)
  })

  it('ask a connection at once when the network is another', async () => {
    const app = fakeApp()
    app.join('wifi')
    const w = world({
      signals: reactNativeSignals(app),
      heartbeat: heartbeat({ intervalMs: 60_000, message: 'beat' }),
    })
    const inner = await w.accept()
    await w.clock.advance(10_000)
    app.join('cellular')
    expect(inner.sent).toEqual(['beat'])
    await w.clock.advance(4000)
    expect(w.events('disconnected')).toMatchObject([{ cause: 'heartbeat' }])
  })
})
