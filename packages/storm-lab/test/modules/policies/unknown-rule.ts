export default { retries: 1 }
