# SPDX-License-Identifier: GPL-2.0
"""Network namespaces: made, entered, and what their devices have sent."""
import contextlib
import ctypes
import os
import subprocess

PREFIX = f"bench-{os.getpid()}-"
CLONE_NEWNET = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


class CommandFailed(Exception):
    """A command of which the bench depends, with what it said."""


def command(*words, text=None):
    """Its output; its input is TEXT."""
    done = subprocess.run(words, input=text, capture_output=True, text=True,
                          check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise CommandFailed(f"{' '.join(words)}: {said or done.returncode}")
    return done.stdout


def set_sysctl(name, value):
    with open("/proc/sys/" + name, "w", encoding="ascii") as file:
        file.write(str(value))


class Namespace:
    """Lives until it is closed."""

    def __init__(self, name):
        self.name = PREFIX + name
        command("ip", "netns", "add", self.name)
        self.fd = os.open("/run/netns/" + self.name, os.O_RDONLY)

    def close(self):
        os.close(self.fd)
        command("ip", "netns", "del", self.name)

    @contextlib.contextmanager
    def entered(self):
        """What this thread does within is done in the namespace."""
        before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        _setns(self.fd)
        try:
            yield self
        finally:
            _setns(before)
            os.close(before)

    def ip(self, *lines, family="-6"):
        """Many commands of ip in one process."""
        command("ip", family, "-n", self.name, "-batch", "-",
                text="".join(line + "\n" for line in lines))

    def run(self, *words):
        with self.entered():
            return command(*words)

    def sysctl(self, **values):
        """Of net: slashes are written as two underscores."""
        with self.entered():
            for name, value in values.items():
                set_sysctl("net/" + name.replace("__", "/"), value)

    def sent(self, device):
        """Packets and octets that a device has sent so far."""
        with self.entered(), open("/proc/thread-self/net/dev",
                                  encoding="ascii") as file:
            for line in file:
                name, _, counters = line.partition(":")
                if name.strip() == device:
                    counters = counters.split()
                    return int(counters[9]), int(counters[8])
        raise CommandFailed(f"{self.name} has no device {device}")


def _setns(fd):
    if _libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
