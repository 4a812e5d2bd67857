import { onTestFinished } from 'vitest'
import { type Incident, startIncident } from '../src/start-incident.ts'
import { caller } from './started.ts'

/** Starts a mock with the incident's machinery that ends with the test; the database takes 1 ms a job. */
export async function incident(options: Parameters<typeof startIncident>[0] = {}) {
  const mock = await startIncident({
    limits: { enabled: false },
    ...options,
    backend: {
      ...options.backend,
      database: {
        poolSize: 10,
        queueDepth: 10,
        serviceMs: 1,
        sigma: 0,
        kappa: 0,
        distribution: 'fixed',
        ...options.backend?.database,
      },
    },
  })
  onTestFinished(() => mock.close())
  return { mock, call: caller(mock), admin: adminOf(mock) }
}

/** Calls the admin API by plain fetch. */
function adminOf({ url }: Pick<Incident, 'url'>) {
  return async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const response = await fetch(`${url}/admin${path}`, {
      method,
      ...(headers && { headers }),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const type = response.headers.get('content-type') ?? ''
    // biome-ignore lint/suspicious/noExplicitAny: tests look into every shape of answer
    const json = (type.startsWith('application/json') ? JSON.parse(text) : undefined) as any
    return { status: response.status, type, text, json }
  }
}
