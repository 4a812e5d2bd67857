// The server of the suite: takes batches of messages, or gives them, as the path of a connection says.
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { WebSocketServer } from 'ws'
import { batchLength, payloads } from './payloads.ts'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.once('disconnect', () => process.exit())
  process.send?.((server.address() as AddressInfo).port)
})

server.on('connection', (socket, { url = '' }) => {
  const [, way, name = ''] = url.split('/')
  const payload = payloads[name] ?? ''
  let taken = 0
  socket.on('message', () => {
    if (way === 'down') for (let sent = 0; sent < batchLength; sent++) socket.send(payload)
    else if (++taken % batchLength === 0) socket.send('taken')
  })
})
