export default { retry: { retries: 3 } }
