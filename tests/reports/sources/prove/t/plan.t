use strict;
use warnings;
use Test::More tests => 3;
ok(1, 'is the only one of three');
