"""The platform's TLS by path: certificate, key and the authority that devices pin.

Upstream: ``errors``.
Downstream: ``__main__`` (serve), ``app``.
"""

from __future__ import annotations

import ssl
import stat
from dataclasses import dataclass
from pathlib import Path

from sync.platform.errors import KeyFileError
from sync.protocol.enrolment import READABLE_BY_OTHERS


@dataclass(frozen=True, slots=True)
class Tls:
    """Files of a server's own TLS, both PEM: its certificate with what leads to the authority, and its key."""

    certificate: Path
    key: Path


def checked_tls(certificate: Path | None, key: Path | None) -> Tls | None:
    """Return the server's TLS, or None where it has none (a proxy before it has, or nobody is far away).

    Raises:
        KeyFileError: only one of the two is named, one cannot be read, others may read the key, or they do not belong
            together; the sentence says what to do.
    """
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise KeyFileError("tls_cert and tls_key belong together: name both, or neither.")
    try:
        mode = stat.S_IMODE(key.stat().st_mode)
        if mode & READABLE_BY_OTHERS:
            raise KeyFileError(f"Others may read the key {key} (mode {mode:04o}). Run: chmod 600 {key}")
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (ssl.SSLError, OSError) as error:
        raise KeyFileError(
            f"{certificate} and {key} are not a certificate and its key in PEM: {error.strerror or error}."
        ) from error
    return Tls(certificate, key)


def authority_pem(path: Path | None) -> str | None:
    """Return the PEM of the authority that devices are to pin; None where the system's are good.

    Raises:
        KeyFileError: the file cannot be read or holds no certificate.
    """
    if path is None:
        return None
    try:
        text = path.read_text("ascii")
        ssl.create_default_context(cadata=text)
    except (OSError, UnicodeDecodeError, ssl.SSLError) as error:
        raise KeyFileError(f"tls_ca {path} is not a certificate in PEM.") from error
    return text
