"""Tests that end in every way that subunit knows."""

import unittest


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

