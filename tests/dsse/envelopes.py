"""Reads and writes envelopes with securesystemslib and in-toto-attestation, and with nothing of d3p.

usage: envelopes.py read PUBLIC.pem PROJECT     every envelope holds; each one that is changed does not
       envelopes.py sign PRIVATE.pem STATEMENT  an envelope of the file, on standard output
"""

import base64
import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

TYPE = "application/vnd.in-toto+json"
VSA = "https://slsa.dev/verification_summary/v1"
EVIDENCE = "https://d3p.dev/predicates/evidence/v1"


def statement_of(payload):
    """The payload as in-toto's own types read it."""
    # The predicate is a free-form struct there; any other key that v1 does not have is an error.
    read = Statement.copy_from_pb(json_format.Parse(payload, statement_pb2.Statement()))
    read.validate()
    return read.pb


def holds(envelope, key):
    try:
        Envelope.from_dict(json.loads(json.dumps(envelope))).verify([key], 1)
        return True
    except VerificationError:
        return False


def changed(envelope):
    """The envelope with one thing changed, each in turn."""
    payload = bytearray(base64.b64decode(envelope["payload"]))
    for at in (0, len(payload) // 2, len(payload) - 1):
        other = bytearray(payload)
        other[at] ^= 1
        yield {**envelope, "payload": base64.b64encode(other).decode()}
    yield {**envelope, "payloadType": "text/plain"}
    signature = envelope["signatures"][0]
    bytes_of = bytearray(base64.b64decode(signature["sig"]))
    bytes_of[-1] ^= 1
    yield {**envelope, "signatures": [{**signature, "sig": base64.b64encode(bytes_of).decode()}]}


def check(path, project, key):
    envelope = json.loads(path.read_text())
    # The key id is the one that securesystemslib computes, or this would find no signature at all.
    assert holds(envelope, key), f"{path}: does not hold"
    for other in changed(envelope):
        assert not holds(other, key), f"{path}: holds although it was changed"
    assert envelope["payloadType"] == TYPE, path
    payload = base64.b64decode(envelope["payload"])
    statement = statement_of(payload)
    if statement.predicate_type == VSA:
        name = path.name.rsplit("-", 1)[0]
        record = project / f".artifacts/deployment/records/{name}.json"
        assert payload == record.read_bytes(), f"{path}: is not {record}"
        # Its own type for this predicate takes one level where the specification has a list.
        assert statement.predicate["verificationResult"] == "PASSED", path
        assert list(statement.predicate["verifiedLevels"]) == ["D3P_GATE_1_READINESS"], path
        return "gate record"
    assert statement.predicate_type == EVIDENCE, path
    (subject,) = statement.subject
    found = hashlib.sha256((project / subject.name).read_bytes()).hexdigest()
    assert subject.digest["sha256"] == found, f"{path}: signs another {subject.name}"
    return statement.predicate["kind"]


def main():
    command, key_file, path = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    if command == "sign":
        signer = CryptoSigner(load_pem_private_key(key_file.read_bytes(), None))
        envelope = Envelope(path.read_bytes(), TYPE, {})
        envelope.sign(signer)
        print(json.dumps(envelope.to_dict()))
        return
    key = SSlibKey.from_crypto(load_pem_public_key(key_file.read_bytes()))
    directory = path / ".artifacts/deployment/attestations"
    kinds = sorted(check(envelope, path, key) for envelope in sorted(directory.iterdir()))
    print(f"securesystemslib and in-toto-attestation read {len(kinds)}: {', '.join(kinds)}")


main()
