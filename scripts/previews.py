"""Data, previews and thumbnails of every template: `python -m scripts.previews FOLDER`.

The pictures are rendered by the steps themselves on a drawn product, put into the bucket by
`local.previews`, and never committed.
"""

import os
import sys
from pathlib import Path

from darkroom.studio.showing import shown
from photo_steps.templates import data_key, preview_key, templates


def main(folder: Path) -> None:
    """Write what the folder lacks: data, preview and thumbnail of every template, by their keys."""
    for template in templates():
        data = folder / data_key(template.id, template.version)
        if not data.exists():
            _write(data, template.model_dump_json().encode())
        # The thumbnail is written last: where it is, both are.
        if not (folder / preview_key(template, "thumbnail")).exists():
            for size, picture in shown(template).items():
                _write(folder / preview_key(template, size), picture)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a run may be cut short."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(data)
    unfinished.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
