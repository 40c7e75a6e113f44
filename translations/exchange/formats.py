"""Which format a file for translators has, and files of all of them in a zip."""

import io
import zipfile
import zlib
from collections.abc import Iterable
from typing import IO, Any

from django.utils.translation import gettext as _

from glossary.faults import MAX_BYTES, Faults, Place, Refused, Within, refuse

from . import interchange, po, spreadsheet, xliff, xliff12
from .interchange import File

FORMATS: dict[str, Any] = {"xliff": xliff, "xliff12": xliff12, "po": po, "xlsx": spreadsheet}
MAX_FILES = 5_000
MAX_UNPACKED = 4 * MAX_BYTES


def name_of(kind: str, file: File) -> str:
    return f"{file.original.replace('/', '-')}.{interchange.tag(file.target_language)}.{FORMATS[kind].SUFFIX}"


def read(file: IO[bytes]) -> list[File]:
    """What a file says, of any format, or a zip of such files: what stands in them tells which."""
    start = file.read(4_000)
    file.seek(0)
    if start.startswith(b"PK"):
        with zipfile.ZipFile(file) if zipfile.is_zipfile(file) else _refuse_zip() as packed:
            names = packed.namelist()
            if "[Content_Types].xml" not in names and "xl/workbook.xml" not in names:
                return _read_packed(packed)
        file.seek(0)
    return list(_reader(start).read(file))


def read_all(found: Iterable[tuple[str, IO[bytes]]]) -> list[File]:
    """Several files, by name; each is closed when it is read."""
    files: list[File] = []
    names = 0
    faults = Faults()
    for name, file in found:
        names += 1
        with file:
            try:
                own = read(file)
            except Refused as refused:
                for fault in refused.faults:
                    faults.add(fault.reason, _place_within(name, fault.place))
                continue
        files += [_within(name, one) for one in own]
    if names > 1:
        interchange.refuse_doubles(files, faults)
    faults.raise_any()
    return files


def _reader(start: bytes) -> Any:
    if start.startswith(spreadsheet.SIGNATURES):
        return spreadsheet
    # UTF-16 has a zero in every second byte of this.
    head = start.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if head.lstrip().startswith(b"<"):
        return xliff12 if xliff12.CORE.encode() in head else xliff
    return po


def _refuse_zip() -> zipfile.ZipFile:
    raise refuse(_("This zip cannot be read. Pack the files once more, without a password."))


def _read_packed(packed: zipfile.ZipFile) -> list[File]:
    members = [info for info in packed.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
    # What a part says of its size holds: zipfile reads no further.
    if len(members) > MAX_FILES or sum(info.file_size for info in members) > MAX_UNPACKED:
        raise refuse(_("There is too much in this zip. Split it."))
    faults = Faults()
    found: list[File] = []
    for info in members:
        try:
            with packed.open(info) as member:
                content = io.BytesIO(member.read(MAX_BYTES + 1))
            start = content.getvalue()[:4_000]
            found += [_within(info.filename, file) for file in _reader(start).read(content)]
        except Refused as refused:
            for fault in refused.faults:
                faults.add(fault.reason, _place_within(info.filename, fault.place))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
            faults.add(_("This cannot be unpacked."), Within(info.filename, None))
        if sum(len(file.entries) for file in found) > interchange.MAX_ENTRIES:
            break
    interchange.refuse_doubles(found, faults)
    faults.raise_any()
    return found


def _within(name: str, file: File) -> File:
    file.place = _place_within(name, file.place)
    for entry in file.entries:
        entry.place = _place_within(name, entry.place)
        entry.target_place = _place_within(name, entry.target_place)
    return file


def _place_within(name: str, place: Place) -> Within:
    return place if isinstance(place, Within) else Within(name, place)
