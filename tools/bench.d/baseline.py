# SPDX-License-Identifier: GPL-2.0
"""Instructions a packet or an update, held against those of the last landing."""
import json
import re

# Without a line of ours: what changes these is not the module.
CONTROLS = ("forwarding_1", "ip6tnl_down_1", "ip6tnl_up_1", "ip6tnl_gateway_up_1",
            "ip6tnl_gateway_down_1")

# What may be more, as a part of the whole. On the same kernel, compiler and emulator
# figures differ by 0.2 % from run to run, and a hash lookup more than there was is
# 3 to 7 %. On others the controls say how far figures have moved, and do so only
# about: what is compiled otherwise need not be as much faster or slower. Those of the
# agent, with its threads, differ by 1.3 %.
SAME, OTHER = 0.01, 0.02
AGENT_FACTOR = 3

MACHINE = ("kernel", "compiler", "emulator")
PART = "instructions"


class Unusable(Exception):
    """Nothing can be compared."""


def of(found):
    """What is kept of results: instructions of subjects, and what they depend on."""
    machine = found.get("machines", {}).get(PART, {})
    if PART not in found or any(key not in machine for key in MACHINE):
        raise Unusable("instructions were not measured")
    return {"machine": {key: machine[key] for key in MACHINE}, PART: found[PART]}


def text(found):
    return json.dumps(of(found), indent=1) + "\n"


def comparable(name):
    """Where a binding is among many in the hash is random, and so is what it takes."""
    return not re.search(r"_\d{2,}$", name)


def moved(before, now):
    """What differs between two machines, in words; "" if they are the same."""
    return ", ".join(f"{key} {now['machine'][key]} is not {before['machine'][key]}"
                     for key in MACHINE if before["machine"][key] != now["machine"][key])


def factors(before, now):
    """By how much the controls have changed: the least, and the most."""
    ratios = [now[PART][name] / before[PART][name] for name in CONTROLS
              if name in now[PART] and name in before[PART]]
    if not ratios:
        raise Unusable("neither has plain forwarding or ip6tnl")
    return min(ratios), max(ratios)


def allowed(name, other):
    """What may be more of it; OTHER tells that something else is another."""
    tolerance = OTHER if other else SAME
    return tolerance * AGENT_FACTOR if name.startswith("agent_") else tolerance


def judge(name, before, now, least, most, tolerance):
    """Is it well, and words."""
    if name not in before or name not in now:
        return False, f"{name}: not in {'the baseline' if name in now else 'this run'}"
    change = now[name] / before[name]
    words = f"{name}: {now[name]:,} instructions, {(change - 1) * 100:+.1f} %"
    if change > most * (1 + tolerance):
        return False, f"{words}: it had {before[name]:,}"
    if change < least * (1 - tolerance):
        return True, f"{words}: lower the baseline"
    return True, words


def compare(before, found, file, say):
    """Prints a line of TAP for each subject; are all well? FILE is for those who read
    that they are not."""
    now = of(found)
    other = moved(before, now)
    least = most = 1
    if other:
        least, most = factors(before, now)
        say(f"# not the baseline's machine ({other}): forwarding and ip6tnl take "
            f"{(least - 1) * 100:+.1f} to {(most - 1) * 100:+.1f} % there; what takes "
            f"{OTHER:.0%} more than that fails")
    names = [name for name in dict.fromkeys([*before[PART], *now[PART]])
             if comparable(name) and not (other and name in CONTROLS)]
    failed = 0
    for number, name in enumerate(names, 1):
        tolerance = allowed(name, other)
        well, words = judge(name, before[PART], now[PART], least, most, tolerance)
        say(f"{'ok' if well else 'not ok'} {number} - {words}")
        if not well:
            say(f"# {tolerance:.0%} more is let pass. If this is meant: "
                f"tools/bench {PART} --write {file}")
        failed += not well
    say(f"1..{len(names)}")
    return not failed
