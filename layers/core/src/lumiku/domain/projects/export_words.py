"""What reports of exports say to people."""

from collections.abc import Mapping

from lumiku.domain.texts import Text
from photo_steps.exports import Target, Told
from photo_steps.rules import Outcome, RuleName, Strength

RULES: Mapping[RuleName, Text] = {
    "format": Text("Format", "Format berkas"),
    "size": Text("Size in pixels", "Ukuran piksel"),
    "aspectRatio": Text("Aspect ratio", "Rasio aspek"),
    "bytes": Text("File size", "Ukuran berkas"),
    "fill": Text("Product in frame", "Produk dalam bingkai"),
    "pureWhite": Text("Pure white background", "Latar putih murni"),
    "sRGB": Text("Colour space", "Ruang warna"),
    "noAlpha": Text("No transparency", "Tanpa transparansi"),
    "noMetadata": Text("No metadata", "Tanpa metadata"),
    "noWatermark": Text("No watermark", "Tanpa tanda air"),
}
OUTCOMES: Mapping[Outcome, Text] = {
    "pass": Text("pass", "lolos"),
    "fail": Text("fail", "gagal"),
    "advice": Text("recommended, not met", "disarankan, belum terpenuhi"),
}
STRENGTHS: Mapping[Strength, Text] = {
    "primary": Text("primary source", "sumber utama"),
    "secondary": Text("secondary source", "sumber sekunder"),
    "memory": Text("unconfirmed", "belum dikonfirmasi"),
    "own": Text("our own rule", "aturan kami sendiri"),
}
_REMARKS = {
    "low_resolution": (
        "The product was enlarged to {enlargedPercent} %, which looks soft; upscaling helps.",
        "Produk diperbesar menjadi {enlargedPercent} %, tampak lembut; gunakan pembesaran.",
    ),
    "shadow_left_out": (
        "The shadow was left out: the background has to be white.",
        "Bayangan dihilangkan: latar harus putih.",
    ),
    "background_replaced": (
        "White took the place of the background.",
        "Latar diganti dengan putih.",
    ),
    "background_kept": (
        "The background is part of this picture and could not be made white.",
        "Latar menyatu dengan foto ini sehingga tidak bisa dijadikan putih.",
    ),
    "padded": (
        "The picture has another shape; bars in the colour of its rim fill the canvas.",
        "Bentuk foto berbeda; kanvas diisi bidang berwarna tepi foto.",
    ),
    "no_subject": (
        "No product was found in this picture.",
        "Produk tidak ditemukan pada foto ini.",
    ),
    "quality_lowered": (
        "Quality {quality} instead of {asked}, to stay below the size limit.",
        "Kualitas {quality}, bukan {asked}, agar di bawah batas ukuran berkas.",
    ),
    "size_lowered": (
        "Reduced to {width} x {height} px, to stay below the size limit.",
        "Diperkecil menjadi {width} x {height} px agar di bawah batas ukuran berkas.",
    ),
    "too_many_bytes": (
        "More than {maxBytes} bytes, however it was encoded.",
        "Lebih dari {maxBytes} bita, dengan cara apa pun disimpan.",
    ),
}


def remark(told: Told) -> Text:
    """What could not be as it was ordered, for people."""
    en, id_ = _REMARKS[told.code]
    return Text(en.format(**told.facts), id_.format(**told.facts))


def made_for(target: Target) -> Text:
    """What a file is for: a destination's name, or a size."""
    if target.place is not None:
        return Text(target.place.name.en, target.place.name.id)
    if target.size_px is None:
        return Text("Original size", "Ukuran asli")
    return Text(*[f"{target.size_px[0]} x {target.size_px[1]} px"] * 2)
