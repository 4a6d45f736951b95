// Tests that end in every way that node's own runner knows.
const assert = require('node:assert')
const { before, describe, it, test } = require('node:test')

test('passes', () => {})
test('fails with a < b & "c" ☕ ]]>', () => assert.strictEqual('\u001b[31mred', 'a < b'))
test('skipped', { skip: 'not yet' }, () => {})
test('to do', { todo: true }, () => { throw new Error('later') })
describe('cart', () => {
  it('passes', () => {})
  it('fails', () => assert.ok(false))
  describe('nested', () => it('passes', () => {}))
})
describe('broken setup', () => {
  before(() => { throw new Error('no database') })
  it('never runs', () => {})
})
test('with parts', async (t) => {
  await t.test('one', () => {})
  await t.test('two', () => assert.ok(false))
})
