# SPDX-License-Identifier: GPL-2.0
"""What scapy lacks of Proxy Mobile IPv6: the options of RFC 5213, RFC 5847 and
RFC 6602, those of multihoming, and Heartbeats. From the RFCs, and without a look at what pmip6d makes of them.
"""
from scapy.fields import (BitField, ByteField, FieldLenField, IntField,
                          LongField, ShortField, StrLenField, XShortField)
from scapy.layers import inet6
from scapy.layers.inet6 import (IPv6, MIP6MH_BA, MIP6MH_BE, MIP6MH_BU,
                                MIP6MH_Generic, MIP6OptAltCoA, MIP6OptMNID,
                                MIP6OptUnknown)

__all__ = """IPv6 MIP6MH_BA MIP6MH_BE MIP6MH_BU MIP6MH_Generic MIP6OptAltCoA
    MIP6OptMNID MIP6OptUnknown PMIP6OptHNP PMIP6OptHI PMIP6OptATT PMIP6OptLLID
    PMIP6OptLLA PMIP6OptTimestamp PMIP6OptRestartCounter PMIP6OptGroup
    PMIP6OptMultihoming PMIP6OptBID PMIP6OptFlow PMIP6MH_Heartbeat
    """.split()


class PMIP6OptHNP(inet6._MIP6OptAlign):
    """RFC 5213 8.3"""
    name = "Home Network Prefix"
    fields_desc = [ByteField("otype", 22), ByteField("olen", 18),
                   ByteField("reserved", 0), ByteField("plen", 64),
                   inet6.IP6Field("prefix", "::")]
    x, y = 8, 4


class PMIP6OptHI(inet6._MIP6OptAlign):
    """RFC 5213 8.4"""
    name = "Handoff Indicator"
    fields_desc = [ByteField("otype", 23), ByteField("olen", 2),
                   ByteField("reserved", 0), ByteField("hi", 4)]
    x, y = 0, 0


class PMIP6OptATT(inet6._MIP6OptAlign):
    """RFC 5213 8.5"""
    name = "Access Technology Type"
    fields_desc = [ByteField("otype", 24), ByteField("olen", 2),
                   ByteField("reserved", 0), ByteField("att", 4)]
    x, y = 0, 0


class PMIP6OptLLID(inet6._MIP6OptAlign):
    """RFC 5213 8.6"""
    name = "Mobile Node Link-layer Identifier"
    fields_desc = [ByteField("otype", 25),
                   FieldLenField("olen", None, length_of="id", fmt="B",
                                 adjust=lambda pkt, x: x + 2),
                   ShortField("reserved", 0),
                   StrLenField("id", b"", length_from=lambda p: p.olen - 2)]
    x, y = 0, 0


class PMIP6OptLLA(inet6._MIP6OptAlign):
    """RFC 5213 8.7"""
    name = "Link-local Address"
    fields_desc = [ByteField("otype", 26), ByteField("olen", 16),
                   inet6.IP6Field("lla", "::")]
    x, y = 8, 6


class PMIP6OptTimestamp(inet6._MIP6OptAlign):
    """RFC 5213 8.8: seconds since 1970 and 1/65536 of them"""
    name = "Timestamp"
    fields_desc = [ByteField("otype", 27), ByteField("olen", 8),
                   LongField("stamp", 0)]
    x, y = 8, 2


class PMIP6OptRestartCounter(inet6._MIP6OptAlign):
    """RFC 5847 3.3"""
    name = "Restart Counter"
    fields_desc = [ByteField("otype", 28), ByteField("olen", 4),
                   IntField("counter", 0)]
    x, y = 4, 2


class PMIP6OptGroup(inet6._MIP6OptAlign):
    """RFC 6602 4.3"""
    name = "Mobile Node Group Identifier"
    fields_desc = [ByteField("otype", 50), ByteField("olen", 6),
                   ByteField("subtype", 1), ByteField("reserved", 0),
                   IntField("number", 0)]
    x, y = 4, 0


class PMIP6OptMultihoming(inet6._MIP6OptAlign):
    """draft-melia-netext-muho-solution 4.1, in the option of RFC 5096"""
    name = "Multihoming"
    fields_desc = [ByteField("otype", 18), ByteField("olen", 4),
                   ByteField("experiment", 1), ByteField("version", 0),
                   ByteField("group", 0), BitField("act", 0, 3),
                   BitField("reserved", 0, 5)]
    x, y = 0, 0


class PMIP6OptBID(inet6._MIP6OptAlign):
    """RFC 5648 4.3, RFC 6089 4.1"""
    name = "Binding Identifier"
    fields_desc = [ByteField("otype", 35), ByteField("olen", 4),
                   ShortField("bid", 1), ByteField("status", 0),
                   BitField("home", 0, 1), BitField("priority", 0, 7)]
    x, y = 2, 0


class PMIP6OptFlow(inet6._MIP6OptAlign):
    """RFC 6089 4.2; sub-options as octets"""
    name = "Flow Identification"
    fields_desc = [ByteField("otype", 45),
                   FieldLenField("olen", None, length_of="sub", fmt="B",
                                 adjust=lambda pkt, x: x + 6),
                   ShortField("fid", 1), ShortField("priority", 1),
                   ByteField("reserved", 0), ByteField("status", 0),
                   StrLenField("sub", b"", length_from=lambda p: p.olen - 6)]
    x, y = 2, 0


class PMIP6MH_Heartbeat(inet6._MobilityHeader):
    """RFC 5847 3.3"""
    name = "Heartbeat"
    fields_desc = [ByteField("nh", 59), ByteField("len", None),
                   ByteField("mhtype", 13), ByteField("res", 0),
                   XShortField("cksum", None), BitField("reserved", 0, 14),
                   BitField("unsolicited", 0, 1), BitField("response", 0, 1),
                   IntField("seq", 0),
                   inet6._PhantomAutoPadField("autopad", 1),
                   inet6._OptionsField("options", [], MIP6OptUnknown, 12,
                                       length_from=lambda p: 8 * p.len - 4)]
    overload_fields = {IPv6: {"nh": 135}}


inet6.moboptcls.update({22: PMIP6OptHNP, 23: PMIP6OptHI, 24: PMIP6OptATT,
                        25: PMIP6OptLLID, 26: PMIP6OptLLA,
                        27: PMIP6OptTimestamp, 28: PMIP6OptRestartCounter,
                        18: PMIP6OptMultihoming, 35: PMIP6OptBID,
                        45: PMIP6OptFlow,
                        50: PMIP6OptGroup})
inet6._mip6_mhtype2cls[13] = PMIP6MH_Heartbeat
