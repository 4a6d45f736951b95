use strict;
use warnings;
use Test::More;
ok(1, 'passes');
ok(0, 'fails with a < b & "c"');
SKIP: { skip 'not yet', 2; }
TODO: { local $TODO = 'known'; ok(0, 'fails as expected'); ok(1, 'passes unexpectedly'); }
done_testing;
