"""Run with unittest-xml-reporting, which Django projects use."""

import unittest


class Cart(unittest.TestCase):
    def test_passes(self):
        print("]]> & <failure/>")

    def test_fails(self):
        self.assertEqual("a < b & \"c\" ☕", "")

    def test_errors(self):
        raise RuntimeError("no database")

    @unittest.skip("not yet")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_fails_as_expected(self):
        self.fail()

    @unittest.expectedFailure
    def test_passes_unexpectedly(self):
        pass

    def test_parts(self):
        for part in range(3):
            with self.subTest(part=part):
                self.assertNotEqual(part, 1)


class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise RuntimeError("no database")

    def test_never_runs(self):
        pass
