"""``.keras`` archives: the ``config.json`` in them, and nothing else.

An archive comes from anywhere. Only one member is looked at, by its exact name, and only as far as a
configuration may go; nothing is ever written to the disk.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from typing import Final

from tui.core.errors import FileError

MAX_CONFIG: Final = 32 * 2**20
"""The most bytes that a configuration may unpack to: a small archive can hold a very large one."""
MAX_CONTENTS: Final = 4 * 2**20
"""The most bytes of the table of contents: some 40,000 members; Keras writes three."""
_CONFIG: Final = "config.json"
_END: Final = b"PK\x05\x06"
_HDF5: Final = b"\x89HDF\r\n\x1a\n"
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How Keras packs. Others may ask for gigabytes before the first byte comes out."""


def no_hdf5(data: bytes, name: str) -> None:
    """Raise FileError where a file is HDF5, the format of ``.h5``, whatever it is called."""
    if data.startswith(_HDF5):
        raise FileError(
            f"{name} is an HDF5 file, which is not read; open it in Keras and save the model again with "
            "model.save('model.keras'), or write model.to_json() to a .json file"
        )


def config_in(data: bytes, name: str) -> bytes:
    """The bytes of the configuration in an archive; raises FileError where there is none that is safe to read."""
    no_hdf5(data, name)
    end = data.rfind(_END)
    if end >= 0 and int.from_bytes(data[end + 12 : end + 16], "little") > MAX_CONTENTS:
        raise FileError(f"{name} has a table of contents of more than {MAX_CONTENTS:,} bytes, the most that is read")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _member(archive, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
            LookupError) as error:  # fmt: skip
        reason = str(error.args[0]) if error.args else type(error).__name__
        raise FileError(f"{name} is no Keras archive with a {_CONFIG} in it ({reason})") from None


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    found = [info for info in archive.infolist() if info.filename == _CONFIG]
    if not found:
        raise KeyError(f"there is no item named {_CONFIG!r} in the archive")
    if len(found) > 1:
        raise FileError(f"{name} has {len(found)} members called {_CONFIG}; which of them is meant cannot be known")
    (info,) = found
    if stat.S_ISLNK(info.external_attr >> 16):
        raise FileError(f"the {_CONFIG} in {name} is a link to another file; links are not followed")
    if info.flag_bits & 1:
        raise FileError(f"the {_CONFIG} in {name} is encrypted; unpack it first")
    if info.compress_type not in _METHODS:
        raise FileError(f"the {_CONFIG} in {name} is packed in a way that Keras does not use; save the model again")
    with archive.open(info) as file:
        config = file.read(MAX_CONFIG + 1)
    if len(config) > MAX_CONFIG:
        raise FileError(f"the {_CONFIG} in {name} has more than {MAX_CONFIG:,} bytes, the most that is read")
    return config
