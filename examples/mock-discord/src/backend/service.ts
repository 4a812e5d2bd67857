import type { ApiRequest } from '../stage.ts'

export type Service = ApiRequest['service']

export const services: readonly Service[] = ['gateway', 'messages', 'voice', 'files', 'users']
