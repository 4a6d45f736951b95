import os
import urllib.request


def get(path):
    with urllib.request.urlopen(os.environ["SHOP"] + path, timeout=5) as answer:
        return answer.read().decode()


def test_answers():
    assert get("/health").startswith("healthy")


def test_sells():
    assert get("/order") == "500\n"
