import { type FakeChannel, type FakeTab, fakeTabs, manualClock } from '@evenkeel/core/testing'
import { type SharedSocketOptions, SharedWebSocket } from '../../src/tabs.ts'
import { FakeWebSocket } from '../fake-web-socket.ts'
import { fakeSignals } from '../world.ts'

/** Some tabs of one origin on one clock, whose server the test plays. */
export function browser() {
  const clock = manualClock()
  const sockets: (FakeWebSocket & { tab: FakeTab })[] = []
  const tabs = fakeTabs()
  const channels: FakeChannel[] = []

  function open(options: SharedSocketOptions = {}, url = 'ws://server.test/') {
    const tab = tabs.open()
    const signals = fakeSignals()
    class Inner extends FakeWebSocket {
      readonly tab = tab
      constructor(url: string, protocols?: string | string[]) {
        super(url, protocols)
        sockets.push(this)
      }
    }
    const socket = new SharedWebSocket(url, [], {
      WebSocket: Inner,
      clock,
      random: () => 0.5,
      signals,
      locks: tab.locks,
      channel(name) {
        const channel = tab.channel(name)
        channels.push(channel)
        return channel
      },
      ...options,
    })
    const heard: unknown[] = []
    const undelivered: unknown[] = []
    socket.onopen = () => heard.push('open')
    socket.onmessage = ({ data }) => heard.push(data)
    socket.onclose = ({ code, cause }) => heard.push(`close ${code} ${cause}`)
    socket.addEventListener('disconnected', ({ detail }) => heard.push(`lost ${detail.cause}`))
    socket.addEventListener('undelivered', ({ detail: { data, outcome } }) =>
      undelivered.push([data, outcome]),
    )
    return { socket, signals, heard, undelivered, tab }
  }

  return {
    clock,
    sockets,
    channels,
    open,
    /** Channels and locks that the tabs have. */
    get inUse() {
      return tabs.inUse
    },
    /** The latest connection. */
    get inner() {
      return sockets.at(-1) as FakeWebSocket
    },
    /** Lets all that is said be heard. */
    settle: () => clock.advance(0),
    async accept(): Promise<FakeWebSocket> {
      await clock.advance(0)
      const inner = sockets.at(-1) as FakeWebSocket
      inner.accept()
      await clock.advance(0)
      return inner
    },
    /** The tab is gone from one moment to the next: nobody says goodbye. */
    async crash({ tab }: { tab: FakeTab }): Promise<void> {
      for (const socket of sockets) if (socket.tab === tab) socket.readyState = 3
      tab.crash()
      await clock.advance(0)
    },
    /** Something else of the origin speaks on the channel. */
    async speak(message: unknown): Promise<void> {
      const stranger = tabs.open().channel('evenkeel ws://server.test/')
      stranger.postMessage(message)
      await clock.advance(0)
      stranger.close()
    },
  }
}
