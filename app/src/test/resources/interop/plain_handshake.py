"""Sends a handshake in the clear and tells what comes of it: host, port, info-hash."""
import socket
import sys

host, port, info_hash = sys.argv[1:4]
with socket.create_connection((host, int(port)), timeout=30) as peer:
    peer.sendall(b"\x13BitTorrent protocol" + bytes(8) + bytes.fromhex(info_hash) + b"-XX0001-" + bytes(12))
    count = 0
    try:
        while part := peer.recv(4096):
            count += len(part)
    except ConnectionResetError:
        pass
print("closed after", count, "bytes")
