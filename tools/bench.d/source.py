# SPDX-License-Identifier: GPL-2.0
"""Frames, and the sender that pktsource.ko is."""
import ctypes
import dataclasses
import errno
import fcntl
import ipaddress
import os
import socket
import struct

ETHERNET, IPV4, IPV6, UDP = 14, 20, 40, 8
ETH_P_IP, ETH_P_IPV6 = 0x0800, 0x86dd
PROTO_IPV6, PROTO_UDP = 41, 17

# Where an IPv6 header has its addresses, and these the number of a mobile node.
SOURCE, DESTINATION, NUMBER = 8, 24, 4


class Field(ctypes.Structure):
    """struct pktsource_field"""
    _fields_ = [("offset", ctypes.c_uint32), ("count", ctypes.c_uint32),
                ("follows", ctypes.c_uint32)]


class Job(ctypes.Structure):
    """struct pktsource_job"""
    _fields_ = [("frame", ctypes.c_uint64), ("cpu_ns", ctypes.c_uint64),
                ("wall_ns", ctypes.c_uint64), ("gap_ns", ctypes.c_uint64),
                ("clock_ns", ctypes.c_uint64),
                ("ifindex", ctypes.c_uint32), ("len", ctypes.c_uint32),
                ("packets", ctypes.c_uint32), ("warmup", ctypes.c_uint32),
                ("burst", ctypes.c_uint32), ("seed", ctypes.c_uint32),
                ("refused", ctypes.c_uint32), ("pad", ctypes.c_uint32),
                ("fields", Field * 2)]


# _IOWR('6', 0xb0, struct pktsource_job)
RUN = 3 << 30 | ctypes.sizeof(Job) << 16 | ord("6") << 8 | 0xb0


@dataclasses.dataclass(frozen=True)
class Packets:
    """What is sent: an Ethernet frame, and what of it is drawn for each."""
    frame: bytes
    fields: tuple = ()      # of (offset, count, follows)


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def ethernet(source, target, kind, payload):
    return mac(target) + mac(source) + struct.pack(">H", kind) + payload


def ipv6(source, target, protocol, payload):
    return (struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64) +
            ipaddress.IPv6Address(source).packed +
            ipaddress.IPv6Address(target).packed + payload)


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ipv4(source, target, protocol, payload):
    def header(check):
        return (struct.pack(">BBHHHBBH", 0x45, 0, IPV4 + len(payload), 0, 0, 64,
                            protocol, check) +
                socket.inet_aton(source) + socket.inet_aton(target))
    return header(checksum(header(0))) + payload


def udp(length):
    """So many octets, from and to the discard port; nobody looks at its checksum."""
    return struct.pack(">HHHH", 9, 9, length, 0) + bytes(length - UDP)


def plain(source, target, size):
    """An IPv6 packet of SIZE octets."""
    return ipv6(source, target, PROTO_UDP, udp(size - IPV6))


class Sender:
    """The device of pktsource.ko."""

    def __init__(self):
        self.fd = os.open("/dev/pktsource", os.O_RDWR)
        self.seed = 1

    def run(self, device, packets, count, warmup=0, burst=32, after=None):
        """Sends COUNT after WARMUP out of a device of the namespace that this thread
        is in; what it took, as Job. Each run draws other numbers. AFTER is another
        Job, which the first gap is to begin at."""
        self.seed += 1
        frame = ctypes.create_string_buffer(packets.frame, len(packets.frame))
        job = Job(frame=ctypes.addressof(frame), len=len(packets.frame),
                  ifindex=socket.if_nametoindex(device), packets=count,
                  clock_ns=after.clock_ns if after else 0, warmup=warmup, burst=burst,
                  seed=self.seed * 2654435761 % (1 << 32) or 1)
        for at, (offset, values, follows) in enumerate(packets.fields):
            job.fields[at] = Field(offset, values, follows)
        # As it is written over, the buffer is one of ours.
        fcntl.ioctl(self.fd, RUN, job)
        if job.refused:
            raise OSError(errno.ENOBUFS,
                          f"{device} refused {job.refused} packets")
        return job
