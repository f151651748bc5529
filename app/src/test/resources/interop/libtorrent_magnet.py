"""A libtorrent client that fetches a magnet link: link, folder, address, port; prints DONE when whole."""
import sys
import time

import libtorrent as lt

link, folder, address, port = sys.argv[1:5]
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
})
params = lt.parse_magnet_uri(link)
params.save_path = folder
handle = session.add_torrent(params)
while not handle.status().is_seeding:
    time.sleep(0.05)
print("DONE", flush=True)
sys.stdin.read()
