export default { retry: { maxRetries: 1 }, circuitBreaker: false }
