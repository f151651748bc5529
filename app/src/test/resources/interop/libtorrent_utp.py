"""A libtorrent client that speaks uTP alone; prints READY, and DONE when whole.

Torrent, folder, address, port, and if it is to dial, the peer's address.
"""
import sys
import time

import libtorrent as lt

torrent, folder, address, port = sys.argv[1:5]
session = lt.session({
    "listen_interfaces": f"{address}:{port}",
    "outgoing_interfaces": address,
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_tcp": False,
    "enable_outgoing_tcp": False,
    "in_enc_policy": 2,
    "out_enc_policy": 2,
    "min_reconnect_time": 1,
    "allow_multiple_connections_per_ip": True,
})
handle = session.add_torrent({"ti": lt.torrent_info(torrent), "save_path": folder})
print("READY", flush=True)
rounds = 0
while not handle.status().is_seeding:
    if len(sys.argv) > 5 and rounds % 40 == 0:
        handle.connect_peer((sys.argv[5], int(port)))
    rounds += 1
    time.sleep(0.05)
print("DONE", flush=True)
sys.stdin.read()
