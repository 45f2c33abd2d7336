#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What was measured as bench-results.json, a table and a picture; and what has changed
since another time."""
import argparse
import json
import os
import sys

import baseline
import lines
import picture
import stats

RESULTS, PICTURE = "bench-results.json", "bench.svg"


def merged(parts):
    """What was measured in several guests, as if in one."""
    found = {}
    for part in parts:
        for key, value in part.items():
            if isinstance(value, dict):
                found.setdefault(key, {}).update(value)
            else:
                found[key] = value
    return found


def results(measured, extra=None):
    """The object of bench-results.json: each name's figure, and beside them what they
    are made of. EXTRA has figures by name that others have measured."""
    details = measured.get("lines", {})
    found = {name: round(line["median"], 4) for name, line in details.items()}
    found.update(measured.get("figures", {}))
    found.update(extra or {})
    found.update(details=details,
                 **{key: measured[key] for key in
                    ("subjects_ns", "instructions", "stalls_while", "agent", "sender_alone_ns", "curves",
                     "machines", "pairs") if key in measured})
    return found


def _number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3f}" if value < 100 else f"{value:.1f}"


def verdict(name, bound, at_most, found):
    """Of a name that has a bound and a figure: does it hold? None without either."""
    if bound is None or name not in found:
        return None
    return stats.holds(found.get("details", {}).get(name, found[name]), bound, at_most)


def _row(name, words, bound, at_most, found):
    detail = found.get("details", {}).get(name)
    figure = _number(found[name]) if name in found else "-"
    interval = f"{_number(detail['low'])} to {_number(detail['high'])}" if detail else ""
    wanted = "" if bound is None else f"{'<=' if at_most else '>='} {bound:,g}"
    holds = {None: "", True: "holds", False: "MISSED"}[verdict(name, bound, at_most, found)]
    if name not in found:
        holds = "not measured"
    return f"{name:<42} {figure:>10} {interval:>22} {wanted:>12} {holds:<12} {words}"


def rows():
    """Name, words, bound and whether that is the most, of all that there is."""
    for line in lines.TABLE:
        yield line.name, line.words, line.bound, line.cost
    for figure in [*lines.FIGURES, *lines.AGENT, lines.STALLS, lines.TCP, *lines.ENGINE]:
        words = f"{figure.words} ({figure.unit})" if figure.unit else figure.words
        yield figure.name, words, figure.bound, figure.at_most


def table(found, everything=True):
    """For people. What was not measured is in it if EVERYTHING is."""
    head = f"{'':<42} {'median':>10} {'95 % interval':>22} {'wanted':>12}"
    body = [_row(*row, found) for row in rows() if everything or row[0] in found]
    return "\n".join([head, *body]) + "\n"


def instructions(found):
    """Of each subject, as a table."""
    return "".join(f"{name:<42} {_number(value):>10} instructions\n"
                   for name, value in found.get("instructions", {}).items())


def missed(found):
    """Names of what was measured and does not reach its bound."""
    return [name for name, _, bound, at_most in rows()
            if verdict(name, bound, at_most, found) is False]


def compare(before, now):
    """How figures that both have differ; of ratios, whether their intervals meet."""
    body = []
    for name, *_ in rows():
        if name not in before or name not in now or not before[name]:
            continue
        words = ""
        old, new = (side.get("details", {}).get(name) for side in (before, now))
        if old and new:
            apart = old["low"] > new["high"] or new["low"] > old["high"]
            words = "changed" if apart else "within the intervals"
        body.append(f"{name:<42} {_number(before[name]):>10} {_number(now[name]):>10} "
                    f"{(now[name] / before[name] - 1) * 100:>+8.1f} % {words}")
    old, new = (side.get("instructions", {}) for side in (before, now))
    body += [f"{name + ', instructions':<42} {_number(old[name]):>10} "
             f"{_number(new[name]):>10} {(new[name] / old[name] - 1) * 100:>+8.1f} %"
             for name in new if old.get(name)]
    if not body:
        raise ValueError("no figure is in both results")
    return "\n".join([f"{'':<42} {'before':>10} {'now':>10}", *body]) + "\n"


def read(path):
    """A JSON object, or words of what is wrong with it."""
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError) as error:
        sys.exit(f"bench: {path}: {error}")
    if not isinstance(found, dict):
        sys.exit(f"bench: {path}: not an object")
    return found


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", action="store_true", help="say what there is, and end")
    parser.add_argument("--with", dest="extra", action="append", default=[])
    parser.add_argument("--compare")
    parser.add_argument("--against")
    parser.add_argument("--write")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--out")
    parser.add_argument("measured", nargs="*")
    return parser.parse_args()


def numbers(path):
    """Figures of others: only numbers, by names of the table."""
    known = {name for name, *_ in rows()}
    return {name: value for name, value in read(path).items()
            if name in known and isinstance(value, (int, float))}


def main():
    options = arguments()
    if options.names:
        print("\n".join(lines.names()))
        return 0
    extra = {}
    for path in options.extra:
        extra.update(numbers(path))
    found = results(merged(read(path) for path in options.measured), extra)
    with open(os.path.join(options.out, RESULTS), "w", encoding="utf-8") as file:
        json.dump(found, file, indent=1)
        file.write("\n")
    if found.get("curves"):
        with open(os.path.join(options.out, PICTURE), "w", encoding="utf-8") as file:
            file.write(picture.svg(found["curves"],
                                   "Cost of forwarding a packet of 128 octets"))
    print(table(found, options.whole))
    if "instructions" in found:
        print(instructions(found))
    if options.compare:
        print(compare(read(options.compare), found))
    lost = missed(found)
    if lost:
        print("missed: " + " ".join(lost))
    more = not held(options, found)
    return 1 if more or (lost and options.check) else 0


def held(options, found):
    """Are instructions what they were at the last landing, where that is asked; and
    what they are is kept, if that is."""
    try:
        if options.write:
            text = baseline.text(found)
            with open(options.write, "w", encoding="utf-8") as file:
                file.write(text)
        return (not options.against or
                baseline.compare(read(options.against), found, options.against, print))
    except (baseline.Unusable, KeyError) as error:
        sys.exit(f"bench: {options.against or options.write}: {error}")


if __name__ == "__main__":
    sys.exit(main())
