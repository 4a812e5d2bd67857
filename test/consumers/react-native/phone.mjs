// Runs a bundle's smoke test among the globals of React Native 0.86, which are fewer and older than those of Node.js.
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { createContext, runInContext } from 'node:vm'
import polyfill from 'abort-controller/dist/abort-controller.js'

const [, , bundle, origin] = process.argv

/** Resolves with the whole body, as that of React Native does, which has no stream to give. */
async function fetch(input, { signal, ...init } = {}) {
  const controller = new AbortController()
  if (signal?.aborted) controller.abort()
  else signal?.addEventListener('abort', () => controller.abort())
  const response = await globalThis.fetch(input, { ...init, signal: controller.signal })
  const whole = new Response(await response.arrayBuffer(), response)
  return Object.defineProperty(whole, 'body', { value: undefined })
}

const { AbortController: PhoneController, AbortSignal: PhoneSignal } = polyfill
const { setTimeout, clearTimeout, queueMicrotask, performance, console } = globalThis
const { Event, EventTarget, Headers, Request, URL, URLSearchParams, Blob, FormData, WebSocket } =
  globalThis
const phone = createContext({
  ...{ fetch, AbortController: PhoneController, AbortSignal: PhoneSignal, Response },
  ...{ setTimeout, clearTimeout, queueMicrotask, performance, console },
  ...{ Event, EventTarget, Headers, Request, URL, URLSearchParams, Blob, FormData, WebSocket },
  navigator: { product: 'ReactNative' },
})
phone.global = phone.window = phone.self = phone
runInContext(readFileSync(bundle, 'utf8'), phone)
await phone.smoke(origin)
