"""A libtorrent client with a certificate; prints DONE when whole.

Torrent, folder, address, port, TLS port, certificate, key, and whom to connect to as host:port.
"""
import sys
import time

import libtorrent as lt

torrent, folder, address, port, ssl_port, certificate, key, parameters = sys.argv[1:9]
session = lt.session({
    "listen_interfaces": f"{address}:{port},{address}:{ssl_port}s",
    "outgoing_interfaces": address,
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "alert_mask": lt.alert.category_t.error_notification | lt.alert.category_t.peer_notification
    | lt.alert.category_t.status_notification,
})
handle = session.add_torrent({"ti": lt.torrent_info(torrent), "save_path": folder})
handle.set_ssl_certificate(certificate, key, parameters, "")
if len(sys.argv) > 9:
    host, _, number = sys.argv[9].rpartition(":")
    handle.connect_peer((host, int(number)))
done = False
print("READY", flush=True)
while True:
    session.wait_for_alert(200)
    for alert in session.pop_alerts():
        print(type(alert).__name__, alert.message(), flush=True)
    if handle.status().is_seeding and not done:
        done = True
        print("DONE", flush=True)
