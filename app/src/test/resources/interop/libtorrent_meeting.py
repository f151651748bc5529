"""A libtorrent client that meets others by LSD, PEX or holepunch alone: torrent, folder, address, port, which of these,
peers to connect to as address:port; prints DONE when whole, PEERS and their addresses whenever these change."""
import sys
import time

import libtorrent as lt

torrent, folder, address, port, way, *peers = sys.argv[1:]
session = lt.session({
    "listen_interfaces": f"{address}:{port}",
    "outgoing_interfaces": address,
    "enable_dht": False,
    "enable_lsd": way == "lsd",
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": way == "holepunch",
    "enable_outgoing_utp": way == "holepunch",
    "in_enc_policy": 2,
    "out_enc_policy": 2,
    "allow_multiple_connections_per_ip": True,
    "close_redundant_connections": False,
})
handle = session.add_torrent({"ti": lt.torrent_info(torrent), "save_path": folder})
for peer in peers:
    host, number = peer.split(":")
    handle.connect_peer((host, int(number)))
done = False
known = None
while True:
    if not done and handle.status().is_seeding:
        done = True
        print("DONE", flush=True)
    now = sorted(f"{p.ip[0]}:{p.ip[1]}" for p in handle.get_peer_info())
    if now != known:
        known = now
        print("PEERS", *now, flush=True)
    time.sleep(0.1)
