"""What is wrong with a field of a request, in words of each language.

The words of the validator are English and good enough there, but for a few; what it calls an error
decides the Indonesian ones.
"""

from collections.abc import Iterable, Mapping
from itertools import islice, pairwise
from typing import Any

from lumiku.domain.errors import UNREADABLE, InvalidRequest
from lumiku.domain.texts import Text
from lumiku.http.forms import REMOTE, SENT, WAYS

MAX_TOLD = 100
"""Of more errors than these, the first are told: 500 files with 20 unknown fields each are 1 MB."""
_TIME = Text(
    "Not a time with its zone, such as 2026-11-21T09:30:00Z",
    "Bukan waktu dengan zonanya, misalnya 2026-11-21T09:30:00Z",
)
_NUMBER = Text("{msg}", "Harus berupa bilangan bulat")
_WORDS: Mapping[str, Text] = {
    "bool_parsing": Text("{msg}", "Harus true atau false"),
    "bool_type": Text("{msg}", "Harus true atau false"),
    "datetime_from_date_parsing": _TIME,
    "datetime_parsing": _TIME,
    "datetime_type": _TIME,
    "timezone_aware": _TIME,
    "enum": Text("{msg}", "Harus salah satu dari: {expected}"),
    "literal_error": Text("{msg}", "Harus salah satu dari: {expected}"),
    # What is not known at all is refused before, by name (`RequestBody`).
    "extra_forbidden": Text(
        "This field came under another of its names too",
        "Isian ini juga dikirim dengan namanya yang lain",
    ),
    "file_expected": Text(
        "A file is expected here, once and with a file name",
        "Di sini diharapkan satu berkas dengan nama berkas",
    ),
    "greater_than_equal": Text("{msg}", "Paling sedikit {ge}"),
    "less_than_equal": Text("{msg}", "Paling banyak {le}"),
    "int_from_float": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_type": _NUMBER,
    "list_type": Text("{msg}", "Harus berupa daftar"),
    "tuple_type": Text("Input should be a list", "Harus berupa daftar"),
    "missing": Text("{msg}", "Wajib diisi"),
    "model_attributes_type": Text("Input should be an object", "Harus berupa objek"),
    "model_type": Text("Input should be an object", "Harus berupa objek"),
    "string_too_long": Text("{msg}", "Paling banyak {max_length} karakter"),
    "string_too_short": Text("{msg}", "Paling sedikit {min_length} karakter"),
    "string_type": Text("{msg}", "Harus berupa teks"),
    "string_unicode": Text("{msg}", "Harus berupa teks Unicode"),
    "too_long": Text("{msg}", "Paling banyak {max_length} isian"),
    "too_short": Text("{msg}", "Paling sedikit {min_length} isian"),
    "batch_size": Text("1 to {max} items", "1 sampai {max} item"),
    "only_one_of": Text("Not together with {other}", "Tidak bersama dengan {other}"),
    "impossible_frame": Text(
        "Give two of aspectRatio, width and height at most; sides of 64 to 8000 px, one at most 20"
        " times the other",
        "Isi paling banyak dua dari aspectRatio, width dan height; sisi 64 sampai 8000 px, yang"
        " satu paling banyak 20 kali yang lain",
    ),
    "needed_with": Text("Needed with {action}", "Wajib diisi untuk {action}"),
    "not_with": Text("Not possible with {action}", "Tidak dapat dipakai dengan {action}"),
    "nothing_to_do": Text(
        "Nothing is asked for that would change the photo",
        "Tidak ada permintaan yang mengubah foto",
    ),
    "one_of": Text("Give one of {names}", "Isi salah satu dari {names}"),
    "prompt_not_served": Text(
        "No scene is known for these words: {words}",
        "Tidak ada pemandangan yang dikenal untuk kata-kata ini: {words}",
    ),
    "prompt_without_words": Text(
        "There is no word in it, such as marble table",
        "Tidak ada kata di dalamnya, misalnya meja marmer",
    ),
    "said": Text("{en}", "{id}"),
    "stops_unordered": Text(
        "The stops stand in the order of `at`", "Titik warna harus urut menurut `at`"
    ),
    "unknown_template": Text("There is no such template", "Tidak ada templat ini"),
    "unknown_field": Text(
        "There is no such field; did you mean {nearest}?",
        "Tidak ada isian ini; apakah maksud Anda {nearest}?",
    ),
    "unknown_field_among": Text(
        "There is no such field; there are {known}",
        "Tidak ada isian ini; yang ada: {known}",
    ),
}
_OTHERWISE = Text("{msg}", "Nilai ini tidak dapat dipakai")
_NOT_OF_THE_FORM = Text("Not of the documented form", "Bentuknya tidak sesuai dokumentasi")
_PATTERNS: dict[str, Text] = {}


def worded(pattern: str, text: Text) -> str:
    """The pattern; what does not match it is refused with `text` instead of the pattern."""
    _PATTERNS[pattern] = text
    return pattern


MONTH = worded(
    r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$",
    Text("Not a month, such as 2026-11", "Bukan bulan, misalnya 2026-11"),
)


LINE = worded(
    r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
    Text("One line of text, not blank", "Satu baris teks, tidak kosong"),
)
"""What people name things by."""


def unreadable(found: Iterable[Mapping[str, Any]]) -> InvalidRequest:
    """The refusal of a request that is not as documented, by its validator's errors."""
    told = [
        {"field": _field(error["loc"]), "message": words(error)}
        for error in islice(found, MAX_TOLD)
    ]
    return InvalidRequest(UNREADABLE, errors=told)


def words(error: Mapping[str, Any]) -> Text:
    """What is wrong, by the validator's error."""
    facts = dict(error.get("ctx", {}))
    if error["type"] == "string_pattern_mismatch":
        return _PATTERNS.get(facts["pattern"], _NOT_OF_THE_FORM)
    text = _WORDS.get(error["type"], _OTHERWISE)
    said = {**facts, "msg": error["msg"]}
    told = {name: str(fact).replace(" or ", " atau ") for name, fact in facts.items()}
    return Text(text.en.format(**said), text.id.format(**told))


def _field(place: tuple[str | int, ...]) -> str:
    """Where a field is; in which of two ways body or photo came is no part of that."""
    start, *rest = place
    inner = rest[1:] if rest and rest[0] in {*WAYS, REMOTE} else rest
    named = [
        part
        for before, part in pairwise((start, *inner))
        if not (isinstance(before, int) and part in {REMOTE, SENT})
    ]
    return ".".join(map(str, (start, *named)))
