# SPDX-License-Identifier: GPL-2.0
#
# Markers in the tests: a comment "RULE: NAME..." on or just before the
# assertion that fails when the rule is broken.

import re

from rules import NAME

WHERE = ("user/tests", "kernel/tests", "selftests")
ENDINGS = (".c", ".h", ".sh", ".py")

MARKER = re.compile(r"(?:/\*|#|\*)\s*RULE:(.*)$")
NAMES = re.compile(rf"((?:\s+{NAME})+)\s*$")


class Marker:
    """A rule that a test says it shows."""

    def __init__(self, rule, path, line, test):
        self.rule = rule
        self.path = path
        self.line = line
        self.test = test

    @property
    def name(self):
        """Of the test; lines change, names do less."""
        return f"{self.path} {self.test}"


def files(root):
    for where in WHERE:
        for path in sorted((root / where).rglob("*")):
            if path.suffix in ENDINGS and "__pycache__" not in path.parts:
                yield str(path.relative_to(root))


def names_of(rest):
    """The rules that a marker names, or None if it is none."""
    match = NAMES.match(rest.replace("*/", ""))
    return match[1].split() if match else None


def read(root, sources, errors):
    found = []
    for path in files(root):
        source = sources.get(path)
        for at, line in enumerate(source.lines):
            match = MARKER.search(line)
            if not match:
                continue
            names = names_of(match[1])
            test = source.function_at(at)
            if not names:
                errors.add(path, at + 1, f"is no marker: {line.strip()}")
            elif not test:
                errors.add(path, at + 1, "a marker that is on no assertion")
            else:
                found += [Marker(name, path, at + 1, test) for name in names]
    return found
