"""Prints the info-hashes that are announced by multicast (BEP 14) on the network of an address.

With the name of a device, only what comes in there, and who says it.
"""
import socket
import sys

ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
device = sys.argv[2] if len(sys.argv) > 2 else None
if device:
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
ear.bind(("", 6771))
group = socket.inet_aton("239.192.152.143") + socket.inet_aton(sys.argv[1])
ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
print("LISTENING", flush=True)
while True:
    datagram, source = ear.recvfrom(2000)
    for line in datagram.decode("latin-1").lower().split("\r\n"):
        if line.startswith("infohash:"):
            print(line[9:].strip() + (f" from {source[0]}" if device else ""), flush=True)
