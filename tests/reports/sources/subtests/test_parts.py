"""Parts of a test, of which one fails; nothing else goes wrong."""


def test_passes(subtests):
    for part in range(3):
        with subtests.test(msg="part", part=part):
            assert part >= 0


def test_fails(subtests):
    for part in range(4):
        with subtests.test(msg="part", part=part):
            assert part % 2 == 0
