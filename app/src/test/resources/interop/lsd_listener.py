"""Prints the info-hashes that are announced by multicast (BEP 14) on the network of an address."""
import socket
import sys

ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
ear.bind(("", 6771))
group = socket.inet_aton("239.192.152.143") + socket.inet_aton(sys.argv[1])
ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
print("LISTENING", flush=True)
while True:
    for line in ear.recv(2000).decode("latin-1").lower().split("\r\n"):
        if line.startswith("infohash:"):
            print(line[9:].strip(), flush=True)
