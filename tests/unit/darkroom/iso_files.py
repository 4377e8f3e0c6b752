"""Puts boxes into HEIC and AVIF files of one item (ISO/IEC 14496-12)."""

import struct


def with_property(data: bytes, box: bytes) -> bytes:
    """Give the file's first item one more property: type and content of a box."""
    box = struct.pack(">I", len(box) + 4) + box
    properties = data.index(b"ipco")
    end = properties - 4 + int.from_bytes(data[properties - 4 : properties])
    # Readers must know what changes the picture, and it comes before the turn.
    is_change = box[4:8] == b"clap"
    number = len(_kinds(data[properties + 4 : end])) + 1 | (128 if is_change else 0)
    table = data.index(b"ipma")
    places = table + 4 + 4 + 4 + 2
    grown = bytearray(data)
    for kind, by in ((b"meta", len(box) + 1), (b"iprp", len(box) + 1), (b"ipco", len(box))):
        _grow(grown, data.index(kind) - 4, by)
    _grow(grown, table - 4, 1)
    _move(grown, data.index(b"iloc"), len(box) + 1)
    grown[places] += 1
    kinds = _kinds(data[properties + 4 : end])
    own = [kinds[(place & 127) - 1] for place in data[places + 1 :][: data[places]]]
    turns = [at for at, kind in enumerate(own) if kind in (b"irot", b"imir")]
    place = places + 1 + min([*turns, len(own)])
    return bytes(grown[:end] + box + grown[end:place] + bytes((number,)) + grown[place:])


def _kinds(boxes: bytes) -> list[bytes]:
    at, found = 0, []
    while at < len(boxes):
        found.append(boxes[at + 4 : at + 8])
        at += int.from_bytes(boxes[at : at + 4])
    return found


def _grow(data: bytearray, at: int, by: int) -> None:
    data[at : at + 4] = (int.from_bytes(data[at : at + 4]) + by).to_bytes(4)


def _move(data: bytearray, location: int, by: int) -> None:
    """Move where the items' contents lie, for offsets of 4 bytes (14496-12, 8.11.3)."""
    version, sizes = data[location + 4], data[location + 8 : location + 10]
    offset_bytes, base_bytes = sizes[0] >> 4, sizes[1] >> 4
    assert offset_bytes == 4
    items = int.from_bytes(data[location + 10 : location + 12])
    at = location + 12
    for _ in range(items):
        at += (4 if version else 2) + 2 + base_bytes
        extents = int.from_bytes(data[at : at + 2])
        at += 2
        for _ in range(extents):
            _grow(data, at, by)
            at += 8
