import { expect, it } from 'vitest'
import { outboxFetch } from '../src/fetch.ts'
import { memoryStore } from '../src/memory.ts'

it('a form with files is stored, and read by the server as it was', async () => {
  const send = outboxFetch(memoryStore(), {
    signals: { isOnline: () => false, listen: () => () => {} },
  })
  const form = new FormData()
  form.set('text', 'hello')
  form.set('file', new File(['content'], 'a "b".txt', { type: 'text/plain' }))
  const { queued } = await send('/upload', { method: 'POST', body: form })
  const { body, headers } = queued?.payload ?? {}
  const read = await new Response(body, { headers: headers as [string, string][] }).formData()
  expect(read.get('text')).toBe('hello')
  expect(await (read.get('file') as File).text()).toBe('content')
  await send.close()
})
