export default { retry: { backoff: 'fast' } }
