"""Twenty DHT nodes of libtorrent, and orders for them: one a line, appended to a file.

ADDRESS... are the addresses that they share. Orders and answers:
  put TEXT             PUT TARGET COUNT
  get TARGET           ITEM TEXT
  peers HASH           PEERS IP:PORT...
  add TORRENT FOLDER   DONE, once it has everything
"""

import sys
import time
import warnings

import libtorrent as lt

warnings.simplefilter("ignore")

NODES = 20
PORT = 7000
orders_path, addresses = sys.argv[1], sys.argv[2:]


def node(i):
    address = addresses[i % len(addresses)]
    return lt.session({
        "listen_interfaces": f"{address}:{PORT + i}",
        "enable_dht": True,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "dht_bootstrap_nodes": "",
        # They share addresses, as no nodes of the Internet do.
        "dht_restrict_routing_ips": False,
        "dht_restrict_search_ips": False,
        "dht_ignore_dark_internet": False,
        "dht_block_ratelimit": 1000,
        "dht_upload_rate_limit": 1000000,
        "allow_multiple_connections_per_ip": True,
        "alert_mask": lt.alert.category_t.dht_notification
        | lt.alert.category_t.dht_operation_notification
        | lt.alert.category_t.status_notification,
    })


def say(*words):
    print(*words, flush=True)


def obey(line):
    words = line.split(" ")
    hash_ = lt.sha1_hash(bytes.fromhex(words[1])) if len(words[1]) == 40 else None
    if words[0] == "put":
        sessions[5].dht_put_immutable_item(line[4:])
    elif words[0] == "get":
        sessions[11].dht_get_immutable_item(hash_)
    elif words[0] == "peers":
        sessions[13].dht_get_peers(hash_)
    elif words[0] == "add":
        params = lt.add_torrent_params()
        params.ti = lt.torrent_info(words[1])
        params.save_path = words[2]
        torrents.append(sessions[3].add_torrent(params))


def tell(alert):
    if isinstance(alert, lt.dht_put_alert):
        say("PUT", alert.target, alert.num_success)
    elif isinstance(alert, lt.dht_immutable_item_alert):
        value = alert.item["value"] if isinstance(alert.item, dict) else alert.item
        say("ITEM", value.decode() if isinstance(value, bytes) else value)
    elif isinstance(alert, lt.dht_get_peers_reply_alert):
        peers = alert.peers() if callable(alert.peers) else alert.peers
        say("PEERS", *[f"{ip}:{port}" for ip, port in peers])


sessions = [node(i) for i in range(NODES)]
for i, session in enumerate(sessions):
    for j in range(NODES):
        if i != j:
            session.add_dht_node((addresses[j % len(addresses)], PORT + j))
torrents = []
seen = 0
is_ready = False
while True:
    if not is_ready and all(s.status().dht_nodes >= 5 for s in sessions):
        is_ready = True
        say("READY")
    with open(orders_path) as orders:
        lines = orders.read().splitlines()
    for line in lines[seen:]:
        obey(line)
    seen = len(lines)
    for session in sessions:
        for alert in session.pop_alerts():
            tell(alert)
    for torrent in list(torrents):
        if torrent.status().is_seeding:
            say("DONE")
            torrents.remove(torrent)
    time.sleep(0.1)
