export default { name: 'half', about: 'Half of it.', load: { callsPerSecond: 1 }, backend: {} }
