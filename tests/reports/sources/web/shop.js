var a = 1
debugger
if (a == null) { eval('a') }
const same = { a: 1, a: 2 }
