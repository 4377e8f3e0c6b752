"""Why there is no result, told in each language: one sentence for each code of a failure."""

from collections.abc import Mapping
from contextlib import suppress

from lumiku.domain import errors
from lumiku.domain.texts import Text
from lumiku.domain.work.jobs import Failure

type Fact = int | str | list[str]

PROMPT_REFUSED = "prompt_refused"

REASONS: Mapping[str, Text] = {
    "cancelled": Text("The order was cancelled.", "Pesanan dibatalkan."),
    "damaged_photo": Text("The file is damaged.", "Berkas rusak."),
    "empty_file": Text("The file is empty.", "Berkas kosong."),
    "fully_transparent": Text("The photo is transparent everywhere.", "Seluruh foto transparan."),
    "not_encodable": Text(
        "The result could not be written.",
        "Format yang diminta tidak dapat memuat hasil ini; mintalah PNG atau ukuran lebih kecil.",
    ),
    "out_of_time": Text(
        "The batch was closed before the photo was processed.",
        "Batch ditutup sebelum foto diproses.",
    ),
    "photo_missing": Text("The photo is gone.", "Foto sudah tidak ada."),
    "photo_too_large": Text("The file is too large.", "Ukuran berkas terlalu besar."),
    "photo_too_small": Text("The photo is too small.", "Foto terlalu kecil."),
    "photo_unreachable": Text(
        "The photo could not be fetched from its address.",
        "Foto tidak dapat diambil dari alamatnya.",
    ),
    "processing_failed": Text(
        "The photo could not be processed after several tries.",
        "Foto tidak dapat diproses setelah beberapa kali percobaan.",
    ),
    PROMPT_REFUSED: Text(
        "The provider refuses to paint these words. Nothing was charged.",
        "Penyedia menolak membuat gambar dari kata-kata ini. Tidak ada biaya.",
    ),
    "region_outside": Text(
        "The region does not lie within the photo.", "Wilayah berada di luar foto."
    ),
    "too_large_to_upscale": Text(
        "Enlarged, the picture would be too large.", "Gambar yang diperbesar akan terlalu besar."
    ),
    "too_many_pixels": Text(
        "The photo has too many pixels.", "Foto memiliki terlalu banyak piksel."
    ),
    "unsupported_format": Text(
        "The file is not a photo that can be read.", "Format berkas tidak didukung."
    ),
    "unsupported_layout": Text(
        "The file is of a rare kind that is not read. Save it again as a JPEG or PNG with 8 bits a"
        " channel in RGB.",
        "Jenis berkas ini jarang dan tidak dapat dibaca. Simpan ulang sebagai JPEG atau PNG RGB"
        " dengan 8 bit per kanal.",
    ),
    "upload_missing": Text(
        "The photo was not uploaded in time.", "Foto tidak diunggah tepat waktu."
    ),
}


# Sentences that need the numbers and names behind a refusal; of several the first that has all.
_EXACTLY: Mapping[str, tuple[str, ...]] = {
    "damaged_photo": ("Berkas {found} rusak atau terpotong. Ekspor atau unggah lagi.",),
    "not_encodable": (
        "Format yang diminta memuat paling banyak {maxSide} piksel per sisi; mintalah PNG atau"
        " ukuran lebih kecil.",
        "WebP transparan memuat paling banyak {megapixels} megapiksel; mintalah PNG, latar, atau"
        " ukuran lebih kecil.",
    ),
    "photo_too_large": ("Ukuran berkas paling besar {maxBytes} byte.",),
    "photo_too_small": (
        "Foto berukuran {width} x {height} piksel; setiap sisi paling sedikit {minSide}.",
    ),
    "region_outside": (
        "Wilayah bukan persegi panjang di dalam foto berukuran {width} x {height} piksel.",
    ),
    "too_large_to_upscale": (
        "Setelah diperbesar {factor} kali, gambar akan berukuran {width} x {height} piksel; setiap"
        " sisi paling banyak {maxSide}.",
    ),
    "too_many_pixels": (
        "Foto berukuran {width} x {height} piksel; setiap sisi paling banyak {maxSide}.",
        "Foto berukuran {width} x {height} piksel; yang diproses paling banyak {megapixels}"
        " megapiksel.",
        "Foto memiliki terlalu banyak piksel; yang diproses paling banyak {megapixels} megapiksel.",
    ),
    "unsupported_format": (
        "Berkas ini ({found}) tidak didukung. Kirim salah satu dari: {allowed}.",
    ),
    "unsupported_layout": (
        "Jenis berkas ini ({found}) jarang dan tidak dapat dibaca. Simpan ulang sebagai JPEG atau"
        " PNG RGB dengan 8 bit per kanal.",
    ),
}


def in_indonesian(code: str, facts: Mapping[str, Fact]) -> str | None:
    """The sentence of a refusal with the numbers and names behind it; None if these do not do."""
    told = {
        name: ", ".join(fact) if isinstance(fact, list) else fact for name, fact in facts.items()
    }
    if isinstance(pixels := facts.get("maxPixels"), int):
        told["megapixels"] = pixels // 1_000_000
    for sentence in _EXACTLY.get(code, ()):
        with suppress(KeyError):
            return sentence.format_map(told)
    return None


def reason(failure: Failure) -> Text:
    """Why a job failed, as exactly as it is known, else in Indonesian by its code."""
    known = REASONS.get(failure.code)
    by_code = known.id if known else failure.message
    return Text(failure.message, failure.indonesian or by_code)


def refusal(failure: Failure, *, job_id: str | None = None) -> errors.PhotoRefused:
    """The refusal of a request whose photo failed so."""
    kinds = {
        "unsupported_format": errors.UnsupportedPhoto,
        "unsupported_layout": errors.UnsupportedPhoto,
        "too_many_pixels": errors.OversizedPhoto,
        "photo_too_large": errors.OversizedPhoto,
    }
    kind = kinds.get(failure.code, errors.PhotoRefused)
    return kind(failure.code, reason(failure), job_id=job_id)
