import lunch from './lunch.ts'

export default { ...lunch, durationMs: 5 }
