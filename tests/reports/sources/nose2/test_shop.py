"""Tests that end in every way that nose2 knows."""

import unittest

from nose2.tools import params


class Cart(unittest.TestCase):
    def test_passes(self):
        pass

    def test_fails(self):
        self.assertEqual("a < b & \"c\" ☕ ]]>", "")

    def test_breaks(self):
        raise RuntimeError("no database")

    @unittest.skip("not yet & never")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_fails_as_expected(self):
        self.fail("known")

    @unittest.expectedFailure
    def test_passes_unexpectedly(self):
        pass


@params(1, 2)
def test_params(number):
    assert number == 1


def test_function():
    pass
