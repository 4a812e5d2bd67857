// A socket that tabs share, a tab a thread, is let go of in one way or another; says what was held, and how it was at the end.
import { once } from 'node:events'
import process from 'node:process'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { WebSocket } from 'ws'
import { SharedWebSocket } from '../../src/tabs.ts'

const [way, url = ''] = isMainThread ? process.argv.slice(2) : workerData
if (way === 'alone') Object.assign(globalThis, { BroadcastChannel: undefined })

const held = () =>
  process
    .getActiveResourcesInfo()
    .filter((name) => /^(TCPSocketWrap|MessagePort|Timeout)$/.test(name))
    .sort()

const open = () => new SharedWebSocket(url, [], { WebSocket: WebSocket as never })

/** Lets go of it, takes it back, and lets go of it again. */
function letGo(socket: SharedWebSocket): unknown {
  const said = [socket.isLeader, held()]
  for (const each of ['unref', 'ref', 'unref'] as const) {
    socket[each]()
    said.push(held())
  }
  return said
}

async function useTab(): Promise<unknown> {
  const socket = open()
  await once(socket, 'open')
  return letGo(socket)
}

if (!isMainThread) parentPort?.postMessage(await useTab())
else {
  const said: unknown[] = []
  process.on('exit', () => console.log(JSON.stringify(said)))
  if (way === 'waiting') {
    const socket = open()
    await once(socket, 'reconnectScheduled')
    said.push(socket.readyState)
    socket.unref()
  } else if (way === 'threads') {
    const socket = open()
    await once(socket, 'open')
    const worker = new Worker(new URL(import.meta.url), { workerData: [way, url] })
    said.push(...(await once(worker, 'message')))
    await once(worker, 'exit')
    said.push(letGo(socket))
  } else said.push(await useTab())
}
