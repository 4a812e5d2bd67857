// What the packages must do on a phone, whose signals know no reason and whose answers no stream.
import { createFetch } from '@evenkeel/fetch'
import { resilientSocket } from '@evenkeel/websocket'

const failure = (promise) =>
  promise.then(
    (value) => {
      throw new Error(`not refused: ${value}`)
    },
    (error) => error,
  )

function expectSame(what, expected, of) {
  if (what !== expected) throw new Error(`${of}: ${what} instead of ${expected}`)
}

global.smoke = async (origin) => {
  const unique = () => Math.random().toString(36).slice(2)
  const fetch = createFetch()
  const answer = await fetch(`${origin}/flaky/${unique()}`)
  expectSame(`${answer.status} ${await answer.text()}`, '200 ok', 'a call that was tried again')

  const controller = new AbortController()
  setTimeout(() => controller.abort(), 20)
  const aborted = await failure(fetch(`${origin}/hang`, { signal: controller.signal }))
  expectSame(aborted.name, 'AbortError', 'an abort')
  const late = await failure(fetch(`${origin}/echo`, { signal: controller.signal }))
  expectSame(late.name, 'AbortError', 'a call that was aborted before')

  const limited = createFetch({ attemptTimeoutMs: 200, retry: false })
  expectSame((await failure(limited(`${origin}/hang`))).code, 'TIMEOUT', 'a call without end')
  expectSame((await failure(limited(`${origin}/stall`))).code, 'TIMEOUT', 'a body without end')

  const socket = resilientSocket(`${origin.replace('http', 'ws')}/${unique()}`)
  const echo = new Promise((resolve) => {
    socket.once('message', ({ data }) => resolve(data))
  })
  socket.send('hello')
  expectSame(await echo, 'hello', 'an echo')
  socket.close()
  await socket.closed()
}
