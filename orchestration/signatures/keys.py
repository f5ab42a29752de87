"""Keys that people sign with, in OpenSSH's formats: which are accepted, and what they do.

Accepted are Ed25519, ECDSA over P-256, P-384 and P-521, and RSA from 3,072 bits on: each has a
security strength of 128 bits or more, as NIST SP 800-57 Part 1 Revision 5 (2020) has them in table
2, and as its table 4 asks of what is to hold beyond 2030. DSA and shorter RSA keys are refused.
"""

import base64
import io
from dataclasses import dataclass
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from sshsig.binary_io import SshReader, SshWriter, ssh_read_string_pair

LEAST_RSA_BITS = 3072
ACCEPTED = f"use an Ed25519, an ECDSA, or an RSA key of {LEAST_RSA_BITS:,} bits or more"
RSA_HASHES = {b"rsa-sha2-512": hashes.SHA512(), b"rsa-sha2-256": hashes.SHA256()}
KINDS = {
    b"ssh-ed25519",
    b"ssh-rsa",
    b"ecdsa-sha2-nistp256",
    b"ecdsa-sha2-nistp384",
    b"ecdsa-sha2-nistp521",
}
CURVE_HASHES = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey
PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey


@dataclass(frozen=True)
class Signed:
    """A signature by a key: the name of its algorithm, and its value, as OpenSSH writes both."""

    algorithm: bytes
    value: bytes


def packed(*fields: bytes) -> bytes:
    """Byte strings one after the other, each led by its length."""
    writer = SshWriter(io.BytesIO())
    for each in fields:
        writer.write_string(each)
    return writer.output_fh.getvalue()


def public_key(content: bytes) -> PublicKey:
    """The public key that OpenSSH's bytes hold.

    Raises ValueError where there is none, or one that is not accepted.
    """
    name, _ = ssh_read_string_pair(content)
    if name not in KINDS:
        raise ValueError(f"a key of this kind is not accepted; {ACCEPTED}")
    line = name + b" " + base64.b64encode(content)
    key = cast("PublicKey", serialization.load_ssh_public_key(line))
    check_strength(key)
    if bytes_of(key) != content:
        raise ValueError("the key is not written as OpenSSH writes it")
    return key


def check_strength(key: PublicKey) -> None:
    """A key is long enough. Raises ValueError."""
    if isinstance(key, RSAPublicKey) and key.key_size < LEAST_RSA_BITS:
        raise ValueError(f"an RSA key of {key.key_size:,} bits is too short; {ACCEPTED}")


def bytes_of(key: PublicKey) -> bytes:
    """A public key as OpenSSH's bytes."""
    line = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return base64.b64decode(line.split()[1])


def signed_by(key: PrivateKey, message: bytes) -> Signed:
    """The signature of a message by a private key."""
    if isinstance(key, RSAPrivateKey):
        algorithm = b"rsa-sha2-512"
        return Signed(algorithm, key.sign(message, padding.PKCS1v15(), RSA_HASHES[algorithm]))
    if isinstance(key, EllipticCurvePrivateKey):
        signature = key.sign(message, ECDSA(CURVE_HASHES[key.key_size]))
        return Signed(curve_algorithm(key.key_size), packed_pair(*decode_dss_signature(signature)))
    return Signed(b"ssh-ed25519", key.sign(message))


def check(key: PublicKey, signed: Signed, message: bytes) -> None:
    """A signature, by one of the algorithms of a key, is by this key and of this message.

    Raises InvalidSignature.
    """
    if isinstance(key, RSAPublicKey):
        padded = padding.PKCS1v15()
        key.verify(signed.value, message, padded, RSA_HASHES[signed.algorithm])
    elif isinstance(key, EllipticCurvePublicKey):
        pair = encode_dss_signature(*unpacked_pair(signed.value))
        key.verify(pair, message, ECDSA(CURVE_HASHES[key.key_size]))
    else:
        key.verify(signed.value, message)


def algorithms(key: PublicKey) -> frozenset[bytes]:
    """The names of the algorithms by which a key signs."""
    if isinstance(key, RSAPublicKey):
        return frozenset(RSA_HASHES)
    if isinstance(key, EllipticCurvePublicKey):
        return frozenset({curve_algorithm(key.key_size)})
    return frozenset({b"ssh-ed25519"})


def curve_algorithm(bits: int) -> bytes:
    """The name of the algorithm of an ECDSA key over a curve of NIST's with so many bits."""
    return f"ecdsa-sha2-nistp{bits}".encode()


def packed_pair(r: int, s: int) -> bytes:
    """The two numbers of an ECDSA signature, as OpenSSH writes them."""
    lengths = [number.bit_length() // 8 + 1 for number in (r, s)]
    numbers = zip((r, s), lengths, strict=True)
    return packed(*(number.to_bytes(length, "big") for number, length in numbers))


def unpacked_pair(value: bytes) -> tuple[int, int]:
    """The two numbers of an ECDSA signature. Raises InvalidSignature unless written in one way."""
    reader = SshReader.from_bytes(value)
    try:
        pair = (reader.read_mpint(), reader.read_mpint())
        is_written_so = min(pair) > 0 and packed_pair(*pair) == value
    except ValueError:
        is_written_so = False
    if not is_written_so:
        raise InvalidSignature
    return pair
