import pytest

import shop


def test_price():
    assert shop.price(3) == 750


def test_nothing_costs_nothing():
    assert shop.price(0) == 0


def test_less_than_nothing_is_refused():
    with pytest.raises(ValueError):
        shop.price(-1)
