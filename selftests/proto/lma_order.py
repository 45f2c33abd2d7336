# SPDX-License-Identifier: GPL-2.0
"""What an anchor refuses, for what, and in which order it looks."""
from lma_peer import *


def faults():
    """In the order of RFC 5213 5.3.1: a name, what to change, the status."""
    return [
        ("no MN-ID", dict(mn=None), 160),
        ("a stranger", dict(src=MAG3), 154),
        ("an unknown mobile node", dict(mn="nobody@example.com"), 153),
        ("no service", dict(mn="off@example.com"), 152),
        ("a wrong clock", dict(ts=100), 156),
        ("no HNP", dict(hnp=None), 158),
        ("no HI", dict(hi=None), 161),
        ("no ATT", dict(att=None), 162),
        ("a prefix of another", dict(hnp=[os.environ["OWN_HNP"]]), 155),
    ]


@group("each fault alone has its status")
def each_status():
    lma = ANCHOR["lma"]
    # RULE: B-LMA-13 B-LMA-14 B-LMA-15 B-LMA-19 B-LMA-20 B-LMA-26 B-LMA-52
    # RULE: B-LMA-05 B-LMA-18 B-SEC-05
    for name, changes, status in faults():
        answer = lma.ask(**{"mn": "free@example.com", **changes})
        equal(answer.status, status, f"status for {name}")
    equal(lma.mn("free@example.com"), [], "sessions of who was refused")


@group("of two faults, the one that RFC 5213 looks for first is told")
def order_of_checks():
    lma, found = ANCHOR["lma"], faults()
    for at, (name, first, status) in enumerate(found):
        for other, second, _ in found[at + 1:]:
            if set(first) & set(second):
                continue
            fields = {"mn": "free@example.com", **second, **first}
            answer = lma.ask(**fields)
            # RULE: B-LMA-69 B-LMA-11
            equal(answer.status, status, f"status for {name} and {other}")
    equal(lma.mn("free@example.com"), [], "sessions of who was refused")


@group("an MN-ID of no octets is none, and one of another kind is unknown")
def mn_ids():
    lma = ANCHOR["lma"]
    # RULE: B-LMA-13
    lma.status(160, (1, b""))
    # RULE: B-LMA-14
    lma.status(153, (5, bytes(6)))
    lma.status(153, (1, b"free@example.com\0"))
    lma.status(153, (1, bytes(range(1, 200))))
    # The longest that an option holds.
    lma.status(153, (1, b"x" * 253))


@group("strangers are refused whatever they say")
def strangers():
    lma = ANCHOR["lma"]
    ask, answer = lma.attach()
    for changes in (dict(), dict(hnp=answer.hnp), dict(lifetime=0),
                    dict(hnp=answer.hnp, lifetime=0, hi=5)):
        # RULE: B-LMA-18 B-LMA-19 B-LMA-05 B-SEC-05
        lma.status(154, ask.again(src=MAG3, **changes))
    equal(lma.session(ask.mn)["proxy_coa"], MAG1, "gateway of the session")
    # RULE: B-LMA-58
    lma.is_bound(answer.hnp[0], MAG1, "forwarding")


@group("prefixes: what is another's, what is nobody's, what is half one's own")
def prefixes_refused():
    lma = ANCHOR["lma"]
    own, others = os.environ["TWO_HNPS"].split(), os.environ["OWN_HNP"]
    for hnp in ([others], ["2001:db8:dead::/64"], [own[0], others],
                [own[0], "2001:db8:dead::/64"], [own[0][:-2] + "65"]):
        # RULE: B-LMA-26
        lma.status(155, "two@example.com", hnp=hnp)
    equal(lma.mn("two@example.com"), [], "sessions of who was refused")
    # RULE: B-LMA-24
    lma.status(155, "free@example.com", hnp=[own[1]])


@group("no prefix left is status 130, and one that is free again is granted")
def none_left():
    lma = ANCHOR["golden"].emptied()
    # Two are in the pool.
    first, one = lma.attach("a@example.com")
    second, other = lma.attach("b@example.com")
    # RULE: B-LMA-24
    check(one.hnp != other.hnp, f"{one.hnp} and {other.hnp}")
    # RULE: B-LMA-25
    lma.status(130, "c@example.com")
    equal(lma.mn("c@example.com"), [], "sessions of who was refused")
    lma.ok(first.again(hnp=one.hnp, lifetime=0))
    # RULE: B-LMA-34 B-LMA-36
    lma.status(130, "c@example.com")

    def granted():
        answer = lma.ask("c@example.com")
        equal(answer.status, 0, "status once the prefix is free")
        return answer
    # RULE: B-LMA-36
    equal(wait_until(granted, "it is free again", 30).hnp, one.hnp,
          "prefix that is free again")
    # RULE: B-LMA-36
    equal(lma.mn("a@example.com"), [], "sessions that were to be deleted")
    for mn, hnp in ("c@example.com", one.hnp), ("b@example.com", other.hnp):
        lma.ok(mn, hnp=hnp, lifetime=0)
