# SPDX-License-Identifier: GPL-2.0
#
# Ways to break a function of C: one at a time, each in one place, without a
# change of how many lines there are.

import re

# What compares or joins, and what it becomes.
OPERATORS = {
    "==": "!=", "!=": "==", "<=": "<", ">=": ">", "<": "<=", ">": ">=",
    "&&": "||", "||": "&&",
}
OPERATOR = re.compile(r"(?<= )(==|!=|<=|>=|&&|\|\||<|>)(?=[ \n])")
CONDITION = re.compile(r"\b(?:if|return) \(?")
TRUTH = re.compile(r"\b(true|false)\b")
NUMBER = re.compile(r"(?<![\w.\[\"])(\d+)(?:u|ull)?(?![\w.\]\"])")
# How loud something is logged is no matter of a rule's.
CONSTANT = re.compile(r"\b(?!REPORT_)([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b(?!\()")
# A statement of its own, which may go on in lines that are indented further.
STATEMENT = re.compile(r"^(\t+)((?:[a-z_][\w>.\[\]*+-]*(?: \+?-?[|&]?= |\(|\+\+|--)"
                       r"|\+\+)[^;{}]*;)", re.M)
# Not code.
QUIET = re.compile(r'"(?:[^"\\\n]|\\.)*"|/\*.*?\*/', re.S)


class Mutation:
    """Octets of a file that become others."""

    def __init__(self, first, last, new, what):
        self.first = first
        self.last = last
        self.new = new
        self.what = what

    def apply(self, text):
        return text[:self.first] + self.new + text[self.last:]

    def line(self, text):
        return text.count("\n", 0, self.first) + 1


def blanked(text):
    """The same with strings and comments as blanks."""
    return QUIET.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def closing(text, at):
    """Where the parenthesis that opens at AT closes."""
    depth = 0
    for place in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return place
    return None


def negations(code, first, last):
    for match in re.finditer(r"\bif \(", code[first:last]):
        opens = first + match.end() - 1
        closes = closing(code, opens)
        if closes:
            yield Mutation(opens, closes + 1, f"(!{code[opens:closes + 1]})",
                           "condition negated")


def one_line(text):
    return " ".join(text.split())


def all_of(text, first, last):
    """Every mutation of text[first:last], which is the body of a function."""
    code = blanked(text)
    found = [Mutation(m.first, m.last, "(!" + text[m.first:m.last] + ")", m.what)
             for m in negations(code, first, last)]

    def each(pattern, new, what):
        for match in pattern.finditer(code, first, last):
            old = match[1]
            found.append(Mutation(match.start(1), match.end(1), new(old),
                                  f"{old} becomes {new(old)}" if what is None else what))

    each(OPERATOR, OPERATORS.get, None)
    each(TRUTH, lambda old: "false" if old == "true" else "true", None)
    each(NUMBER, lambda old: str(int(old) + 1), None)
    for match in CONSTANT.finditer(code, first, last):
        # One bit of several is another bit then.
        is_flag = code[:match.start()].rstrip().endswith(("&", "|"))
        new = f"({match[1]} >> 1)" if is_flag and \
            code[match.start() - 3:match.start() - 1] not in ("&&", "||") else \
            f"({match[1]} + 1)"
        found.append(Mutation(match.start(1), match.end(1), new,
                              f"{match[1]} becomes {new}"))
    for match in STATEMENT.finditer(code, first, last):
        statement = text[match.start(2):match.end(2)]
        found.append(Mutation(match.start(2), match.end(2),
                              ";" + "\n" * statement.count("\n"),
                              f"deleted: {one_line(statement)}"))
    return found


def statement_around(code, at):
    """Where the statement, or the head of the block, that is at AT begins and
    ends."""
    first = max(code.rfind(mark, 0, at) for mark in ";{}") + 1
    ends = [end for end in (code.find(mark, at) for mark in ";{}") if end >= 0]
    return first, min(ends) + 1


def of_function(text, span, wanted):
    """Mutations of the function in lines SPAN (first, last, from 0), or of its
    statements that have the text WANTED."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    first = text.find("{", starts[span[0]]) + 1
    last = starts[span[1]]
    code = blanked(text)
    if not wanted:
        return all_of(text, first, last)
    found, at = [], text.find(wanted, first, last)
    while at >= 0:
        begins, ends = statement_around(code, at)
        found += all_of(text, max(begins, first), min(ends, last))
        at = text.find(wanted, ends, last)
    return found
