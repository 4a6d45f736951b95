// Tests that end in every way that jasmine knows.
const reporters = require('jasmine-reporters')
jasmine.getEnv().addReporter(new reporters.JUnitXmlReporter({ savePath: '.', filePrefix: 'out', consolidateAll: true }))

describe('cart', () => {
  it('passes', () => {})
  it('fails with a < b & "c" ☕ ]]>', () => expect('a').toBe('a < b'))
  it('breaks', () => { throw new Error('no database') })
  it('is pending')
  xit('is skipped', () => {})
  it('expects nothing', () => {})
  describe('broken setup', () => {
    beforeAll(() => { throw new Error('no database') })
    it('cannot work', () => {})
  })
})
