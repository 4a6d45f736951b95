// Tests that end in every way that vitest knows.
import { beforeAll, describe, expect, test } from 'vitest'

describe('cart', () => {
  test('passes', () => {})
  test('fails with a < b & "c" ☕ ]]>', () => expect('\u001b[31mred').toBe('a < b'))
  test.skip('skipped', () => {})
  test.todo('to do')
  test.fails('fails as expected', () => expect(1).toBe(2))
  describe('nested', () => {
    test.each(['<&>', 'سلام', '🚀'])('each %s', (text) => expect(text).not.toBe('🚀'))
  })
})
describe('retried', () => {
  let tries = 0
  test('passes at the third try', { retry: 2 }, () => expect(++tries).toBe(3))
})
describe('broken setup', () => {
  beforeAll(() => { throw new Error('no database') })
  test('never runs', () => {})
})
