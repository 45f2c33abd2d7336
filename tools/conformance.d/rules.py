# SPDX-License-Identifier: GPL-2.0
#
# The rules in Documentation/rules, and the functions that they name.
#
# A file of rules is a sequence of entries:
#
#	B-LMA-13 M
#		rule: what has to be so
#		rfc: 5213 5.3.1 (4)
#		in: user/engine/lma_judge.c:check_sender
#
# The first line is the rule's name and its level: M must, S should, Y may, N
# must not; m and s say so in small letters; i informs or is implied. A field is
# a word and a colon, and goes on in lines that are indented further. "in" may
# be there several times; text behind the function is part of it, and is what
# makes the rule true there. "informative" says why nothing can be observed, and
# "deviates" where and why we do otherwise.

import re

NAME = r"(?:B-(?:SEC|LMA|MAG|MSG)|HB|BULK|BRI|MH)-[0-9]{2}"
FILES = ("security", "lma", "mag", "messages", "heartbeat", "bulk", "revocation",
         "multihoming")
# How many there are of each; a rule that gets lost is noticed.
TOTAL = {"B-SEC": 15, "B-LMA": 98, "B-MAG": 92, "B-MSG": 11, "HB": 11, "BULK": 54,
         "BRI": 22, "MH": 42}
FIELDS = ("rule", "rfc", "in", "informative", "deviates")

HEAD = re.compile(rf"({NAME}) ([MSYNmsi](?:/[MSYNmsi])*)$")
FIELD = re.compile(r"\t([a-z]+):(?: (.*))?$")
MORE = re.compile(r"\t\t(\S.*)$")


class Errors:
    """What is wrong, as FILE:LINE: WHAT."""

    def __init__(self):
        self.lines = []

    def add(self, path, line, what):
        self.lines.append(f"{path}:{line}: {what}")


class Rule:
    """One entry: what was read of it, and where."""

    def __init__(self, name, level, path, line):
        self.name = name
        self.level = level
        self.path = path
        self.line = line
        self.fields = {field: [] for field in FIELDS}

    def text(self, field):
        return "; ".join(self.fields[field])

    @property
    def kind(self):
        return self.name[:-3]

    def places(self):
        """(file, function or "", text or "") of each "in"."""
        for place in self.fields["in"]:
            where, _, text = place.partition(" ")
            path, _, function = where.partition(":")
            yield path, function, text


def read_file(root, name, rules, errors):
    path = f"Documentation/rules/{name}.rules"
    rule = field = None
    with open(root / path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            if match := HEAD.match(line):
                rule, field = Rule(*match.groups(), path, number), None
                if rule.name in rules:
                    errors.add(path, number, f"{rule.name} is there already")
                rules[rule.name] = rule
            elif rule and (match := FIELD.match(line)) and match[1] in FIELDS:
                field = match[1]
                rule.fields[field].append(match[2] or "")
            elif field and (match := MORE.match(line)):
                rule.fields[field][-1] = f"{rule.fields[field][-1]} {match[1]}".strip()
            else:
                errors.add(path, number, f"is nothing that an entry has: {line.strip()}")


def read(root, errors):
    """All rules, by name."""
    rules = {}
    for name in FILES:
        read_file(root, name, rules, errors)
    for rule in rules.values():
        for field in "rule", "rfc":
            if not rule.text(field):
                errors.add(rule.path, rule.line, f"{rule.name} has no {field}")
    for kind, total in TOTAL.items():
        for number in range(1, total + 1):
            if (name := f"{kind}-{number:02}") not in rules:
                errors.add("Documentation/rules", 0, f"{name} is missing")
    for name, rule in rules.items():
        if int(name[-2:]) > TOTAL[rule.kind]:
            errors.add(rule.path, rule.line, f"{name} is one too many")
    return rules


def read_open(root, rules, errors):
    """Names of rules that no test shows yet."""
    path = root / "Documentation/rules/open"
    names = {}
    if not path.exists():
        return names
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        name = line.strip()
        if not name or name.startswith("#"):
            continue
        if name not in rules:
            errors.add("Documentation/rules/open", number, f"{name} is no rule")
        names[name] = number
    return names


class Source:
    """The lines of a file, and which function each belongs to."""

    C_FUNCTION = re.compile(r"(?:[a-z_][\w ]*[ *]+|#define )(\w+)\(")
    SHELL_FUNCTION = re.compile(r"(\w+)\(\)\s*\{")
    PYTHON_FUNCTION = re.compile(r"(\s*)(?:def|class) (\w+)")

    def __init__(self, root, path):
        self.path = path
        self.lines = (root / path).read_text(encoding="utf-8").splitlines()
        if path.endswith((".c", ".h")):
            self.functions = self.c_functions()
        elif path.endswith(".py") or self.lines[0].endswith("python3"):
            self.functions = self.python_functions()
        else:
            self.functions = self.shell_functions()

    def c_functions(self):
        """(first, last, name) of each, lines counted from 0."""
        found, at = [], 0
        while at < len(self.lines):
            match = self.C_FUNCTION.match(self.lines[at])
            end = self.c_end(at) if match else None
            if end is not None:
                found.append((at, end, match[1]))
                at = end
            at += 1
        return found

    def c_end(self, first):
        """The last line of a function, or None if it is only declared."""
        if self.lines[first].startswith("#define"):
            last = first
            while self.lines[last].endswith("\\"):
                last += 1
            return last
        for at in range(first, len(self.lines)):
            if self.lines[at].startswith("}"):
                return at
            if at > first + 12 and "{" not in "".join(self.lines[first:at]):
                return None
            if self.lines[at].endswith(";") and not self.lines[at].startswith("\t") \
                    and "{" not in "".join(self.lines[first:at + 1]):
                return None
            if self.lines[at].endswith(");") and not any(
                    line.startswith("{") for line in self.lines[first:at]):
                return None
        return None

    def shell_functions(self):
        found = []
        for at, line in enumerate(self.lines):
            if match := self.SHELL_FUNCTION.match(line):
                last = at
                if not line.rstrip().endswith("}"):
                    while last + 1 < len(self.lines) and self.lines[last] != "}":
                        last += 1
                found.append((at, last, match[1]))
        return found

    def python_functions(self):
        found = []
        for at, line in enumerate(self.lines):
            if match := self.PYTHON_FUNCTION.match(line):
                indent = len(match[1])
                last = at
                for after in range(at + 1, len(self.lines)):
                    text = self.lines[after]
                    if text.strip() and len(text) - len(text.lstrip()) <= indent \
                            and not text.lstrip().startswith(")"):
                        break
                    last = after
                found.append((at, last, match[2]))
        return found

    def function_at(self, at):
        """The innermost function that a line is in, or None."""
        inside = [one for one in self.functions if one[0] <= at <= one[1]]
        return max(inside)[2] if inside else None

    def span(self, name):
        for first, last, function in self.functions:
            if function == name:
                return first, last
        return None


class Sources:
    def __init__(self, root):
        self.root = root
        self.known = {}

    def get(self, path):
        """A Source, or None if there is no such file."""
        if path not in self.known:
            self.known[path] = Source(self.root, path) \
                if (self.root / path).is_file() else None
        return self.known[path]


def check_places(rule, sources, errors):
    for path, function, text in rule.places():
        source = sources.get(path)
        if not source:
            errors.add(rule.path, rule.line, f"{rule.name}: there is no {path}")
            continue
        span = (0, len(source.lines) - 1)
        if function:
            span = source.span(function)
        if not span:
            errors.add(rule.path, rule.line,
                       f"{rule.name}: {path} has no function {function}")
        elif text and not any(text in line for line in source.lines[span[0]:span[1] + 1]):
            errors.add(rule.path, rule.line,
                       f"{rule.name}: {path}:{function} has no \"{text}\"")
