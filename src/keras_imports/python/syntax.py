"""From bytes to text to a syntax tree, and why not, in words for people."""

from __future__ import annotations

import ast
import codecs
import tokenize
import warnings
from io import BytesIO

from keras_imports.python.files import UnreadableError

_ASCII = "".join(map(chr, range(128)))
_UTF_16 = "UTF-16 text; it has to be UTF-8"


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of Python source, as it is, and its encoding.

    Raise `UnreadableError` if it cannot be decoded.
    """
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
        if not _is_readable(encoding):
            raise UnreadableError(f"declared as {encoding}, in which code is not read")
        if encoding == "utf-8-sig" and not data.startswith(codecs.BOM_UTF8):
            encoding = "utf-8"
        return data.decode(encoding), encoding
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise UnreadableError(_decoding_reason(error)) from None


def decode_utf8(data: bytes) -> str:
    """Return the text of a file that has to be UTF-8, without a byte order mark.

    Raise `UnreadableError` if it is not.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(_UTF_16 if _is_utf16(data) else _decoding_reason(error)) from None


def with_mark_of(data: bytes, text: str) -> bytes:
    """Return a text as UTF-8, with a byte order mark if the data before had one."""
    return (codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b"") + text.encode()


def _is_readable(encoding: str) -> bool:
    """Return whether the characters of ASCII are themselves in an encoding."""
    try:
        return _ASCII.encode(encoding).endswith(_ASCII.encode())
    except UnicodeError:
        return False


def _is_utf16(data: bytes) -> bool:
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _decoding_reason(error: Exception) -> str:
    """Return why a file is no text."""
    if isinstance(error, UnicodeDecodeError):
        return f"not {error.encoding.upper()}: byte {error.object[error.start]:#04x}"
    if "declaration" in str(error):
        return "not UTF-8, and no encoding is declared"
    return f"cannot be decoded: {error}"


def nul_reason(data: bytes) -> tuple[str, int | None]:
    """Return why data with a NUL byte is no Python, and the line to look at."""
    if _is_utf16(data):
        return _UTF_16, None
    return "not Python: contains a NUL byte", data.count(b"\n", 0, data.index(b"\0")) + 1


def with_unix_lines(text: str) -> str:
    r"""Return a text with its line ends as Python sees them: `\n` for each."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str) -> ast.Module:
    """Return the syntax tree of a text, without warnings.

    Raise `SyntaxError` for whatever cannot be parsed; `syntax_reason` says why.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (RecursionError, MemoryError):
        raise SyntaxError("nested too deeply") from None
    except ValueError as error:
        raise SyntaxError(str(error)) from None


def syntax_reason(error: SyntaxError) -> str:
    """Return why a text is no Python."""
    message = error.msg or "invalid syntax"
    if message.startswith(("Missing parentheses in call to 'print'", "multiple exception types")):
        return "Python 2, not Python 3"
    return f"not Python 3: {message}"
