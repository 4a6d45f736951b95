// Cannot be run.
require('./no-such-module')
test('never runs', () => {})
