"""How codes of illnesses and complaints are written, in the two systems that records name them by. Pure.

ICD-10: World Health Organization; national editions (ICD-10-CM, China's clinical edition) lengthen its codes.
SNOMED CT: https://docs.snomed.org/snomed-ct-specifications (identifiers, with Verhoeff's check digit).
"""

import re
from collections.abc import Iterator

ICD_10, SNOMED_CT = "icd-10", "snomed-ct"

# By the names that records give them (OIDs, as HL7 registers them; addresses, as FHIR writes them).
SYSTEMS = {
    "2.16.840.1.113883.6.3": ICD_10,  # the World Health Organization's
    "2.16.840.1.113883.6.90": ICD_10,  # ICD-10-CM
    "2.16.156.10011.2.3.3.11": ICD_10,  # the table of diagnoses of China's clinical documents
    "2.16.156.10011.2.3.3.11.3": ICD_10,
    "http://hl7.org/fhir/sid/icd-10": ICD_10,
    "http://hl7.org/fhir/sid/icd-10-cm": ICD_10,
    "2.16.840.1.113883.6.96": SNOMED_CT,
    "http://snomed.info/sct": SNOMED_CT,
}

# M54, M54.5, M54.50 (ICD-10-CM), M54.500x003 (China), each with or without its point. A dagger or an asterisk says how
# a code is used and is no part of it.
_ICD_10 = re.compile(r"([A-Z][0-9][0-9A-Z])(?:\.?([0-9A-Z]{1,8}))?[*†+]?")
_SNOMED_CT = re.compile(r"[1-9][0-9]{5,17}")
_SHORTEST_ICD_10 = 3

# J. Verhoeff, Error detecting decimal codes (1969): the dihedral group of ten elements, and a permutation.
_PRODUCTS = [
    [(i + j) % 5 if j < 5 else 5 + (i + j) % 5 for j in range(10)]
    if i < 5
    else [5 + (i - j) % 5 if j < 5 else (i - j) % 5 for j in range(10)]
    for i in range(10)
]
_PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def normal(system: str, code: str) -> str:
    """The code as it is kept and compared; "" for what is none: `m545` is M54.5, `G53.0*` is G53.0."""
    code = code.strip()
    if system == ICD_10:
        found = _ICD_10.fullmatch(code.upper())
        return ".".join(filter(None, found.groups())) if found else ""
    if system == SNOMED_CT:
        return code if is_concept(code) else ""
    return ""


def is_concept(code: str) -> bool:
    """Whether it is a SNOMED CT identifier of a concept, check digit included."""
    return bool(_SNOMED_CT.fullmatch(code)) and code[-3:-1] in {"00", "10"} and has_check_digit(code)


def has_check_digit(digits: str) -> bool:
    """Verhoeff: whether the last digit follows from the others."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        for _ in range(place % 8):
            value = _PERMUTATION[value]
        check = _PRODUCTS[check][value]
    return check == 0


def wider(system: str, code: str) -> Iterator[str]:
    """The code itself and then, in ICD-10, what it is a part of: M54.50, M54.5, M54."""
    yield code
    if system == ICD_10:
        letters = code.replace(".", "")
        for length in range(len(letters) - 1, _SHORTEST_ICD_10 - 1, -1):
            yield normal(system, letters[:length])
