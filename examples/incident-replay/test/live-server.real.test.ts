import { afterEach, describe, expect, it } from 'vitest'
import { type LiveServer, serveLive } from '../src/live/live-server.ts'
import { Recording } from '../src/live/recording.ts'
import { ending, frame } from './recorded.ts'

let live: LiveServer
let recording: Recording
const start = async () => {
  recording = new Recording()
  live = await serveLive('<!doctype html>', recording)
}
afterEach(() => live.close())

/** Reads a stream of events, one after another. */
async function* eventsOf(response: Response) {
  let text = ''
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part
    const events = text.split('\n\n')
    text = events.pop() as string
    for (const event of events) {
      const [, type, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) as RegExpExecArray
      yield { type, ...JSON.parse(data as string) }
    }
  }
}

describe('the live server', () => {
  it('gives the page, which may ask nobody else', async () => {
    await start()
    const response = await fetch(live.url)
    expect(await response.text()).toBe('<!doctype html>')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('tells late visitors what has happened, then what happens, and ends', async () => {
    await start()
    recording.add(frame(0))
    const events = eventsOf(await fetch(`${live.url}events`))
    const next = async () => (await events.next()).value
    expect(await next()).toEqual({ type: 'history', frames: [frame(0)] })
    recording.add(frame(1))
    expect(await next()).toEqual({ type: 'frame', frame: frame(1) })
    recording.end(ending)
    expect(await next()).toEqual({ type: 'ending', ending })
    await live.close()
    expect((await events.next()).done).toBe(true)
    await expect(fetch(live.url)).rejects.toThrow()
  })

  it('forgets visitors that go', async () => {
    await start()
    const controller = new AbortController()
    await fetch(`${live.url}events`, { signal: controller.signal })
    controller.abort()
    recording.add(frame(0))
    await live.close()
    await expect(fetch(live.url)).rejects.toThrow()
  })
})
