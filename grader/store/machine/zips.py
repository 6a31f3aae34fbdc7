"""ZIP archives that we write: the same files are the same bytes, whenever and wherever they are packed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

# The earliest time that a ZIP can say.
_WHEN = (1980, 1, 1, 0, 0, 0)


def zipped(files: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
    """Return an archive of files, by their names in it and in their order.

    Args:
        executable: the names of those that are programs.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in files.items():
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(entry, held, zipfile.ZIP_DEFLATED)
    return content.getvalue()
