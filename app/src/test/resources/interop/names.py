"""A name server: its address, then NAME=ADDRESS for all it knows; prints who asks for what, name by name."""
import socket
import struct
import sys

address = sys.argv[1]
known = dict(pair.split("=") for pair in sys.argv[2:])
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((address, 53))
print("READY", flush=True)
while True:
    packet, asker = server.recvfrom(4096)
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode())
        at += 1 + packet[at]
    name = ".".join(labels)
    kind, = struct.unpack(">H", packet[at + 1:at + 3])
    print(asker[0], name, kind, flush=True)
    found = known.get(name) if kind == 1 else None
    header = packet[:2] + struct.pack(">HHHHH", 0x8180 if name in known else 0x8183, 1, found is not None, 0, 0)
    record = struct.pack(">HHHIH", 0xC00C, 1, 1, 60, 4) + socket.inet_aton(found) if found else b""
    server.sendto(header + packet[12:at + 5] + record, asker)
