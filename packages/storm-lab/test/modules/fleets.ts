import { contender } from '../../src/index.ts'

export default [contender('first', 'One.', {}), contender('second', 'Another.', { retry: false })]
