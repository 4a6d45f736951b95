// Tests that end in every way that mocha knows.
const assert = require('node:assert')

describe('cart', () => {
  it('passes', () => {})
  it('fails with a < b & "c" ☕ ]]>', () => assert.strictEqual('\u001b[31mred', 'a < b'))
  describe('nested', () => {
    it('passes', () => {})
    it.skip('skipped', () => {})
    it('to do')
  })
  describe('broken setup', () => {
    before(() => { throw new Error('no database') })
    it('never runs', () => {})
  })
  describe('retried', function () {
    this.retries(2)
    let tries = 0
    it('passes at the third try', () => assert.strictEqual(++tries, 3))
  })
})
