// Tests that end in every way that jest knows.
describe('cart', () => {
  test('passes', () => {})
  test('fails with a < b & "c" ☕ ]]>', () => expect('\u001b[31mred').toBe('a < b'))
  describe('nested > deeper', () => {
    test.each(['<&>', 'سلام', '🚀'])('each %s', (text) => expect(text).not.toBe('🚀'))
  })
  test.skip('skipped', () => {})
  test.todo('to do')
})
describe('retried', () => {
  let tries = 0
  jest.retryTimes(2)
  test('passes at the third try', () => expect(++tries).toBe(3))
})
describe('broken setup', () => {
  beforeAll(() => { throw new Error('no database') })
  test('never runs', () => {})
})
