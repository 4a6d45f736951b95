// Tests that end in every way that tape knows.
const test = require('tape')
test('passes', (t) => { t.ok(true, 'first'); t.ok(true, 'second'); t.end() })
test('fails', (t) => { t.equal('a < b & "c" ☕ ]]>', '', 'texts differ'); t.end() })
test('is skipped', { skip: true }, (t) => t.end())
test('is to do', { todo: true }, (t) => { t.ok(false, 'not yet'); t.end() })
test('holds one that is skipped', (t) => { t.ok(true, 'not now', { skip: 'later' }); t.end() })
