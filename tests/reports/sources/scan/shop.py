"""Faults for scanners to find. Nothing here is ever run."""

import hashlib
import os
import pickle
import subprocess
import sys

PASSWORD = "hunter2"


def load(data):
    return pickle.loads(data)


def run(command):
    subprocess.call(command, shell=True)
    os.system("ls " + command)
    subprocess.call(command, shell=True)  # nosec
    return eval(command)


def digest(data):
    assert data
    return hashlib.md5(data).hexdigest()  # noqa: F821
