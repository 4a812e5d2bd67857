export default { retry: true }
