import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readAcknowledgement } from '../cascade/alert.ts'
import { readCascadePatch } from '../cascade/cascade-options.ts'
import type { IncidentMachinery } from '../incident-machinery.ts'

/** Adds what operators are alerted of, and what they do about it. */
export function alertRoutes(
  admin: FastifyInstance,
  machinery: IncidentMachinery,
  json: (request: FastifyRequest) => unknown,
): void {
  admin.get('/alerts', () => machinery.cascade.status)
  admin.get<{ Params: { id: string } }>('/alerts/:id', ({ params: { id } }, reply) => {
    const alert = machinery.cascade.alert(Number(id))
    return alert ?? reply.code(404).send({ error: unknown(id) })
  })
  admin.post<{ Params: { id: string } }>('/alerts/:id/acknowledgement', (request, reply) => {
    const { id } = request.params
    const by = readAcknowledgement(json(request), 'acknowledgement')
    const alert = machinery.cascade.acknowledge(Number(id), by)
    if (alert) return alert
    const over = machinery.cascade.alert(Number(id))
    if (!over?.untilMs) return reply.code(404).send({ error: unknown(id) })
    const error = `alert ${id} (${over.kind}) has been over since ${new Date(over.untilMs).toISOString()}`
    return reply.code(409).send({ error })
  })
  admin.get('/cascade', () => machinery.cascade.options)
  admin.patch('/cascade', (request) => {
    machinery.act({ cascade: readCascadePatch(json(request), 'cascade') })
    return machinery.cascade.options
  })
}

const unknown = (id: string) => `no alert ${id}`
