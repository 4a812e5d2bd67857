export default { name: 'x', cohorts: [] }
