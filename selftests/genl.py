# SPDX-License-Identifier: GPL-2.0
"""The module's netlink family without pmipctl: many commands in one send."""
import socket
import struct

# uapi/linux/pmip6.h
DEVICE_GET, BINDING_NEW, BINDING_DEL, BINDING_GET, TUNNEL_GET = 2, 3, 4, 5, 6
EXPIRY_SET_NEW, EXPIRY_SET_DEL, EXPIRY_SET_GET = 10, 11, 12
FLOW_NEW, FLOW_DEL, FLOW_GET = 14, 15, 16
DEVICE_IFINDEX = 2
BINDING_IFINDEX, BINDING_HNP, BINDING_FLAGS, BINDING_PATHS = 2, 3, 4, 6
ADDR_FAMILY, ADDR_ADDRESS, ADDR_PREFIXLEN = 1, 2, 3
PATHS_PATH = 1
PATH_BID, PATH_REMOTE, PATH_PRIORITY, PATH_LIFETIME, PATH_EXPIRY_SET = 2, 3, 6, 7, 8
EXPIRY_SET_IFINDEX, EXPIRY_SET_ID, EXPIRY_SET_LIFETIME = 2, 3, 4
FLOWS_IFINDEX, FLOWS_HNP, FLOWS_FID, FLOWS_LIST, FLOW_LIST_FLOW = 1, 2, 3, 4, 1
FLOW_FID, FLOW_PRIORITY, FLOW_ACTION, FLOW_BIDS, FLOW_SELECTOR = 2, 3, 4, 5, 6
FORWARD, DUPLICATE, DROP = 1, 2, 3

# Of a selector: the first attribute of each field, and what it has.
SELECTOR = {"source": (1, "16s"), "destination": (3, "16s"), "spi": (5, "=I"),
            "flow_label": (7, "=I"), "sport": (9, "=H"), "dport": (11, "=H"),
            "ds": (13, "=B"), "proto": (15, "=B")}

NETLINK_GENERIC, GENL_ID_CTRL = 16, 16
CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 3, 1, 2
NLM_F_REQUEST, NLM_F_ACK = 1, 4
NLM_F_REPLACE, NLM_F_EXCL, NLM_F_CREATE = 0x100, 0x200, 0x400
NLM_F_DUMP = 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
NESTED = 0x8000


def attr(kind, data):
    return (struct.pack("=HH", 4 + len(data), kind) + data +
            b"\0" * (-len(data) % 4))


def nest(kind, *attrs):
    return attr(kind | NESTED, b"".join(attrs))


def address(kind, text, length=None):
    parts = [attr(ADDR_FAMILY, struct.pack("=H", socket.AF_INET6)),
             attr(ADDR_ADDRESS, socket.inet_pton(socket.AF_INET6, text))]
    if length is not None:
        parts.append(attr(ADDR_PREFIXLEN, struct.pack("=B", length)))
    return nest(kind, *parts)


class Family:
    """A socket in the namespace that the process is in."""
    name = b"pmip6\0"

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_GENERIC)
        self.sock.bind((0, 0))
        self.sequence = 0
        name = attr(CTRL_ATTR_FAMILY_NAME, self.name)
        self.sock.send(self.message(GENL_ID_CTRL, NLM_F_REQUEST,
                                    CTRL_CMD_GETFAMILY, name))
        self.family = None
        answer = self.sock.recv(65536)[20:]
        while answer:
            length, kind = struct.unpack("=HH", answer[:4])
            if kind == CTRL_ATTR_FAMILY_ID:
                self.family, = struct.unpack("=H", answer[4:6])
            answer = answer[(length + 3) & ~3:]

    def message(self, family, flags, command, payload):
        self.sequence += 1
        return struct.pack("=IHHIIBBxx", 20 + len(payload), family, flags,
                           self.sequence, 0, command, 1) + payload

    def device(self, ifindex):
        return self.message(self.family, NLM_F_REQUEST | NLM_F_ACK, DEVICE_GET,
                            attr(DEVICE_IFINDEX, struct.pack("=I", ifindex)))

    def add(self, ifindex, prefix, length, remote, lifetime_ms,
            flags=NLM_F_CREATE | NLM_F_EXCL, expiry_set=None):
        """Of this lifetime, or for as long as the set of that id."""
        if expiry_set is None:
            until = attr(PATH_LIFETIME, struct.pack("=Q", lifetime_ms))
        else:
            until = attr(PATH_EXPIRY_SET, struct.pack("=I", expiry_set))
        return self.message(
            self.family, NLM_F_REQUEST | NLM_F_ACK | flags,
            BINDING_NEW,
            attr(BINDING_IFINDEX, struct.pack("=I", ifindex)) +
            address(BINDING_HNP, prefix, length) +
            nest(BINDING_PATHS, nest(
                PATHS_PATH, address(PATH_REMOTE, remote), until)))

    def add_set(self, ifindex, number, lifetime_ms,
                flags=NLM_F_CREATE | NLM_F_EXCL):
        return self.message(
            self.family, NLM_F_REQUEST | NLM_F_ACK | flags, EXPIRY_SET_NEW,
            attr(EXPIRY_SET_IFINDEX, struct.pack("=I", ifindex)) +
            attr(EXPIRY_SET_ID, struct.pack("=I", number)) +
            attr(EXPIRY_SET_LIFETIME, struct.pack("=Q", lifetime_ms)))

    def delete_set(self, ifindex, number):
        return self.message(
            self.family, NLM_F_REQUEST | NLM_F_ACK, EXPIRY_SET_DEL,
            attr(EXPIRY_SET_IFINDEX, struct.pack("=I", ifindex)) +
            attr(EXPIRY_SET_ID, struct.pack("=I", number)))

    def set_paths(self, ifindex, prefix, length, paths):
        """These, each of (REMOTE, BID, PRIORITY), for an hour."""
        return self.message(
            self.family, NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE, BINDING_NEW,
            attr(BINDING_IFINDEX, struct.pack("=I", ifindex)) +
            address(BINDING_HNP, prefix, length) +
            nest(BINDING_PATHS, *(
                nest(PATHS_PATH, address(PATH_REMOTE, remote),
                     attr(PATH_LIFETIME, struct.pack("=Q", 3600000)),
                     attr(PATH_BID, struct.pack("=H", bid)),
                     attr(PATH_PRIORITY, struct.pack("=B", priority)))
                for remote, bid, priority in paths)))

    @staticmethod
    def flow(fid, priority, bids=(), action=FORWARD, **selector):
        """A field of the selector is a value, or the first and the last; BIDs are
        numbers, or octets that are none."""
        ranges = []
        for name, values in selector.items():
            kind, form = SELECTOR[name]
            for i, value in enumerate(values if isinstance(values, tuple) else (values, values)):
                if isinstance(value, str):
                    value = socket.inet_pton(socket.AF_INET6, value)
                ranges.append(attr(kind + i, struct.pack(form, value)))
        parts = [attr(FLOW_FID, struct.pack("=H", fid)),
                 attr(FLOW_PRIORITY, struct.pack("=H", priority)),
                 attr(FLOW_ACTION, struct.pack("=B", action)), nest(FLOW_SELECTOR, *ranges)]
        if bids:
            parts.append(attr(FLOW_BIDS, bids if isinstance(bids, bytes) else
                              struct.pack(f"={len(bids)}H", *bids)))
        return nest(FLOW_LIST_FLOW, *parts)

    def flows(self, ifindex, prefix, length, flows, flags=NLM_F_CREATE | NLM_F_REPLACE):
        return self.message(
            self.family, NLM_F_REQUEST | NLM_F_ACK | flags, FLOW_NEW,
            attr(FLOWS_IFINDEX, struct.pack("=I", ifindex)) +
            address(FLOWS_HNP, prefix, length) + nest(FLOWS_LIST, *flows))

    def delete_flows(self, ifindex, prefix, length, fid=None):
        """One, or all."""
        return self.message(
            self.family, NLM_F_REQUEST | NLM_F_ACK, FLOW_DEL,
            attr(FLOWS_IFINDEX, struct.pack("=I", ifindex)) +
            address(FLOWS_HNP, prefix, length) +
            (b"" if fid is None else attr(FLOWS_FID, struct.pack("=H", fid))))

    def change_flags(self, ifindex, prefix, length, value, selector):
        """And nothing else of a binding."""
        return self.message(
            self.family, NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE, BINDING_NEW,
            attr(BINDING_IFINDEX, struct.pack("=I", ifindex)) +
            address(BINDING_HNP, prefix, length) +
            attr(BINDING_FLAGS, struct.pack("=II", value, selector)))

    def delete(self, ifindex, prefix, length):
        return self.message(
            self.family, NLM_F_REQUEST | NLM_F_ACK, BINDING_DEL,
            attr(BINDING_IFINDEX, struct.pack("=I", ifindex)) +
            address(BINDING_HNP, prefix, length))

    def do(self, messages):
        """Send them in one; the error numbers of their answers, in order."""
        self.sock.send(b"".join(messages))
        errors = []
        while len(errors) < len(messages):
            answer = self.sock.recv(65536)
            while answer:
                length, kind = struct.unpack("=IH", answer[:6])
                if kind == NLMSG_ERROR:
                    errors.append(-struct.unpack("=i", answer[16:20])[0])
                answer = answer[(length + 3) & ~3:]
        return errors

    def dump(self, command):
        """All that there is of a kind: how many."""
        self.sock.send(self.message(self.family, NLM_F_REQUEST | NLM_F_DUMP,
                                    command, b""))
        count = 0
        while True:
            answer = self.sock.recv(65536)
            while answer:
                length, kind = struct.unpack("=IH", answer[:6])
                if kind == NLMSG_DONE:
                    return count
                if kind == NLMSG_ERROR:
                    raise AssertionError(f"no dump: {answer[16:20].hex()}")
                count += 1
                answer = answer[(length + 3) & ~3:]
