"""What the metadata of a distribution says about its licence and its repository."""

import re
from importlib.metadata import PackageMetadata

LONGEST_LICENCE = 100
"""A longer or multi-line License field is the text of a licence, not its name."""

SPOKEN_LICENCES = {
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "bsd": "LicenseRef-BSD",
    "bsd license": "LicenseRef-BSD",
    "3-clause bsd": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "2-clause bsd": "BSD-2-Clause",
    "bsd 2-clause": "BSD-2-Clause",
    "gpl": "LicenseRef-GPL",
    "gplv2": "GPL-2.0-only",
    "gplv3": "GPL-3.0-only",
    "lgpl": "LicenseRef-LGPL",
    "lgplv3": "LGPL-3.0-only",
    "isc license": "ISC",
    "mit license": "MIT",
    "the mit license": "MIT",
    "mpl 2.0": "MPL-2.0",
    "psf": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "public domain": "LicenseRef-public-domain",
    "zpl 2.1": "ZPL-2.1",
}

CLASSIFIED_LICENCES = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "LicenseRef-BSD",
    "Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
    "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "GNU General Public License (GPL)": "LicenseRef-GPL",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "GNU Lesser General Public License v2 (LGPLv2)": "LGPL-2.0-only",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "GNU Library or Lesser General Public License (LGPL)": "LicenseRef-LGPL",
    "Historical Permission Notice and Disclaimer (HPND)": "HPND",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Public Domain": "LicenseRef-public-domain",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Universal Permissive License (UPL)": "UPL-1.0",
    "Zope Public License": "ZPL-2.1",
    "zlib/libpng License": "Zlib",
}

REPOSITORY = re.compile(r"https?://(?:www\.)?(?:github|gitlab)\.com/([\w.-]+)/([\w.-]+)", re.ASCII)
NOT_OWNERS = frozenset({"sponsors", "orgs", "users", "groups"})
TELLING_LABELS = ("source", "source code", "repository", "code", "github", "homepage", "home")


def metadata_field(about: PackageMetadata, name: str) -> str | None:
    """One field of the metadata, or nothing where it is absent."""
    return str(about[name]) if name in about else None


def name_licence(about: PackageMetadata) -> str | None:
    """The licence as an SPDX expression: License-Expression, else License, else the classifiers, else nothing."""
    if expression := _first_line(metadata_field(about, "License-Expression")):
        return expression
    spoken = _first_line(metadata_field(about, "License"))
    exact = SPOKEN_LICENCES.get(spoken.lower(), spoken)
    classified = _read_classifiers(about.get_all("Classifier") or [])
    if not exact or (exact.startswith("LicenseRef-") and classified):
        return classified
    return exact


def find_repository(about: PackageMetadata) -> str | None:
    """The owner/name of the repository on GitHub or GitLab that the project's addresses point to."""
    addresses = [_split_address(line) for line in about.get_all("Project-URL") or []]
    if home := metadata_field(about, "Home-page"):
        addresses.append(("homepage", home))
    for _, address in sorted(addresses, key=lambda pair: _rank(pair[0])):
        match = REPOSITORY.match(address)
        if match and match[1] not in NOT_OWNERS:
            return f"{match[1]}/{match[2].removesuffix('.git')}"
    return None


def _first_line(value: str | None) -> str:
    text = (value or "").strip()
    return text if len(text) <= LONGEST_LICENCE and "\n" not in text and text.upper() != "UNKNOWN" else ""


def _read_classifiers(classifiers: list[str]) -> str | None:
    names = (line.split(" :: ")[-1].strip() for line in classifiers if line.startswith("License :: "))
    known = sorted({CLASSIFIED_LICENCES[name] for name in names if name in CLASSIFIED_LICENCES})
    # Several classifiers do not tell whether one may choose: the reading that promises less is the safe one.
    return " AND ".join(known) or None


def _split_address(line: str) -> tuple[str, str]:
    label, _, address = line.partition(",")
    return label.strip().lower(), address.strip()


def _rank(label: str) -> int:
    return TELLING_LABELS.index(label) if label in TELLING_LABELS else len(TELLING_LABELS)
