"""A libtorrent client for the interop tests; prints DONE when whole.

Torrent, folder, address, port, and if wanted settings as JSON.
"""
import json
import sys
import time

import libtorrent as lt

torrent, folder, address, port = sys.argv[1:5]
more = json.loads(sys.argv[5]) if len(sys.argv) > 5 else {}
session = lt.session({
    "listen_interfaces": f"{address}:{port}",
    "outgoing_interfaces": address,
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "in_enc_policy": 2,
    "out_enc_policy": 2,
    "allow_multiple_connections_per_ip": True,
    "announce_to_all_trackers": True,
    "announce_to_all_tiers": True,
    **more,
})
handle = session.add_torrent({"ti": lt.torrent_info(torrent), "save_path": folder})
while not handle.status().is_seeding:
    time.sleep(0.05)
print("DONE", flush=True)
sys.stdin.read()
