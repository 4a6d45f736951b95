"""Tests that end in every way that pytest knows."""

import sys

import pytest


def test_passes():
    print("]]> & <failure/> \x1b[31mred\x1b[0m \x00")


def test_fails():
    assert "a < b & \"c\" ☕" == "", "]]> \x1b[31mred\x1b[0m"


@pytest.mark.skip(reason="not yet & never")
def test_skipped():
    pass


@pytest.mark.xfail(reason="known")
def test_fails_as_expected():
    assert False


@pytest.mark.xfail(reason="known")
def test_passes_unexpectedly():
    pass


@pytest.mark.xfail(reason="known", strict=True)
def test_passes_and_must_not():
    pass


@pytest.fixture
def broken_setup():
    raise RuntimeError("no database")


@pytest.fixture
def broken_teardown():
    yield
    raise RuntimeError("cannot clean up")


def test_error_in_setup(broken_setup):
    pass


def test_error_in_teardown(broken_teardown):
    pass


def test_fails_and_error_in_teardown(broken_teardown):
    assert False


@pytest.mark.parametrize("text", ["<&>\"'", "سلام", "🚀", "a/b::c", "\t\n", "\x1b", "", "x" * 300])
def test_each(text):
    assert text != "🚀"


class TestCart:
    class TestEmpty:
        def test_total(self):
            assert sum([]) == 0

    def test_total(self):
        sys.stderr.write("a line of the error output\n")
        assert sum([1, 2]) == 3


def test_properties(record_property):
    record_property("failure", "<failure/>")


def test_parts(subtests):
    for part in range(3):
        with subtests.test(msg="part", part=part):
            assert part != 1
