// Faults for scanners to find. Nothing here is ever run.
const unused = 1
if (unused = 2) { eval('☕') }
// eslint-disable-next-line no-debugger
debugger
undefinedFunction()
