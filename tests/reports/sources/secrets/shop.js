const crypto = require("crypto");

const sum = crypto.createHash("md5").update("x").digest("hex");
// ast-grep-ignore: no-eval
const known = eval("1");
var price = eval("2");
debugger;
