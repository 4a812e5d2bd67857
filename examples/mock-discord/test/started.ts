import { onTestFinished } from 'vitest'
import { type Mock, type MockOptions, startMock } from '../src/index.ts'
import type { Machinery } from '../src/machinery.ts'
import { openMachinery } from '../src/open-machinery.ts'
import { fixedIds } from '../src/store/store.ts'

/** Starts a mock that ends with the test. */
export async function started(options?: MockOptions): Promise<Mock> {
  const mock = await startMock(options)
  onTestFinished(() => mock.close())
  return mock
}

/** Machinery of which only some parts do anything. */
export const only = (parts: Partial<Machinery>): Pick<MockOptions, 'machinery'> => ({
  machinery: () => ({ ...openMachinery, ...parts }),
})

export const general: string = fixedIds.firstChannel
export const messagesPath = `/v10/channels/${general}/messages`

/** Calls the API by plain fetch, as one bot. */
export function caller(mock: Mock, token = 'Bot test') {
  return async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const response = await fetch(mock.apiUrl + path, {
      method,
      headers: {
        authorization: token,
        ...(body !== undefined &&
          !(body instanceof FormData) && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && {
        body: body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body),
      }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type') === 'application/json'
    return {
      status: response.status,
      headers: response.headers,
      text,
      // biome-ignore lint/suspicious/noExplicitAny: tests look into every shape of answer
      json: (isJson ? JSON.parse(text) : undefined) as any,
    }
  }
}
