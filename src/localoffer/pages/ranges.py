"""A part of a file, as a browser asks for it (RFC 9110, section 14)."""

import re


class UnsatisfiableRangeError(ValueError):
    """The part asked for lies beyond the end of the file."""


def parse(header: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of the one part asked for, or None for the whole.

    Several parts, another unit and what makes no sense are answered with the whole, as the
    standard allows. Raises UnsatisfiableRangeError.
    """
    match = re.fullmatch(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", header)
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:  # the last so many bytes
        length = min(int(last), size)
        if length == 0:
            raise UnsatisfiableRangeError(header)
        return size - length, size - 1
    start, stop = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise UnsatisfiableRangeError(header)
    return start, stop


class Part:
    """Bytes of a file from ``start`` to ``stop``, both included, a piece at a time."""

    AT_ONCE = 65_536

    def __init__(self, file, start: int, stop: int):
        self.file, self.start, self.stop = file, start, stop

    def __iter__(self):
        self.file.seek(self.start)
        left = self.stop - self.start + 1
        while left > 0 and (piece := self.file.read(min(self.AT_ONCE, left))):
            left -= len(piece)
            yield piece

    def close(self):
        """Called at the end of the response, or when the reader goes away before it."""
        self.file.close()
