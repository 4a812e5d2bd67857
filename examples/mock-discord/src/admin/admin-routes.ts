import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readBackendPatch } from '../backend/backend-options.ts'
import { crossOrigin } from '../cross-origin.ts'
import { readFaultRule } from '../faults/fault-rule.ts'
import { readFleetHintPatch } from '../hint/fleet-hint-options.ts'
import type { IncidentMachinery } from '../incident-machinery.ts'
import type { MachineryParts } from '../machinery.ts'
import { prometheusText } from '../metrics/prometheus-text.ts'
import { readScript } from '../scenario/script.ts'
import { readLimitsPatch } from './action.ts'
import { alertRoutes } from './alert-routes.ts'
import { mockStatus } from './mock-status.ts'
import { socketRoutes } from './socket-routes.ts'

/** Adds the admin API under `/admin`: JSON in and out, 400 with the reason for what can't be read. */
export function adminRoutes(
  app: FastifyInstance,
  machinery: IncidentMachinery,
  { limits, gateway }: MachineryParts,
): void {
  app.register(
    async (admin) => {
      admin.removeAllContentTypeParsers()
      admin.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
        done(null, body),
      )
      // The operator may be a page of another origin.
      admin.addHook('onRequest', async ({ headers }, reply) => {
        reply.headers(crossOrigin(headers))
      })
      admin.setErrorHandler((error, _request, reply) => {
        const status =
          error instanceof RangeError ? 400 : ((error as { statusCode?: number }).statusCode ?? 500)
        reply.code(status).send({ error: (error as Error).message })
      })
      admin.setNotFoundHandler(({ method, url }, reply) => {
        reply.code(404).send({ error: `${method} ${url}: no such admin route` })
      })

      admin.get('/status', () => mockStatus(machinery, limits, gateway))
      admin.get('/metrics', (request, reply) =>
        request.headers.accept?.includes('text/plain')
          ? prometheus(reply)
          : {
              ...machinery.metrics.snapshot(numberFrom(request, 'clients', 20)),
              sockets: gateway.status,
              fleetHint: machinery.hints.status,
              cascade: machinery.cascade.status,
            },
      )
      admin.get('/metrics.prom', (_request, reply) => prometheus(reply))
      admin.get('/series', (request) => machinery.metrics.series(numberFrom(request, 'sinceMs', 0)))

      admin.get('/faults', () => machinery.faultRules.active)
      admin.post('/faults', (request, reply) => {
        const rule = readFaultRule(json(request), 'fault rule')
        reply.code(201)
        return { id: machinery.faultRules.add(rule), ...rule }
      })
      admin.delete('/faults', (_request, reply) => {
        machinery.faultRules.clear()
        reply.code(204).send()
      })
      admin.delete<{ Params: { id: string } }>('/faults/:id', (request, reply) => {
        const { id } = request.params
        if (machinery.faultRules.remove(Number(id))) reply.code(204).send()
        else reply.code(404).send({ error: `no fault ${id}` })
      })

      admin.get('/backend', () => machinery.model.options)
      admin.patch('/backend', (request) => {
        machinery.model.configure(readBackendPatch(json(request), 'backend'))
        return machinery.model.options
      })

      const limitsNow = () => ({
        gateway: machinery.limiter.options,
        discord: { enabled: limits.enabled, ...limits.counters },
      })
      admin.get('/limits', limitsNow)
      admin.patch('/limits', (request) => {
        machinery.act({ limits: readLimitsPatch(json(request), 'limits') })
        return limitsNow()
      })

      const hintNow = () => ({ ...machinery.hints.options, now: machinery.hints.status })
      admin.get('/fleet-hint', hintNow)
      admin.patch('/fleet-hint', (request) => {
        machinery.act({ fleetHint: readFleetHintPatch(json(request), 'fleetHint') })
        return hintNow()
      })

      alertRoutes(admin, machinery, json)
      socketRoutes(admin, gateway, json)

      admin.get('/scenario', (_request, reply) => {
        if (machinery.scenario) return machinery.scenario.status
        return reply.code(404).send({ error: 'no scenario has been started' })
      })
      admin.post('/scenario', (request, reply) => {
        reply.code(202)
        return machinery.play(readScript(json(request), 'scenario')).status
      })
      admin.delete('/scenario', (_request, reply) => {
        machinery.scenario?.stop()
        reply.code(204).send()
      })

      admin.post('/reset', (_request, reply) => {
        machinery.reset()
        reply.code(204).send()
      })
    },
    { prefix: '/admin' },
  )

  async function prometheus(reply: FastifyReply): Promise<string> {
    reply.type('text/plain; version=0.0.4; charset=utf-8')
    return prometheusText(
      machinery.metrics.snapshot(0),
      machinery.model.status,
      gateway.status,
      machinery.hints.status,
      machinery.limiter.status,
      machinery.cascade.status,
    )
  }
}

function json({ body }: FastifyRequest): unknown {
  try {
    return JSON.parse((body as string | undefined) ?? '')
  } catch (error) {
    throw new RangeError(`the body is no JSON: ${(error as Error).message}`)
  }
}

function numberFrom({ query }: FastifyRequest, name: string, otherwise: number): number {
  const given = (query as Record<string, string>)[name]
  if (given === undefined) return otherwise
  const value = Number(given)
  if (!(value >= 0)) throw new RangeError(`${name} must be a number ≥ 0, got ${given}`)
  return value
}
