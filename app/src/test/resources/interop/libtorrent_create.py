"""Makes a torrent with libtorrent: path, output, format (v1, v2, hybrid), piece size, trackers."""
import os
import sys

import libtorrent as lt

path, out, form, piece_size, *trackers = sys.argv[1:]
flags = {"v1": lt.create_torrent.v1_only, "v2": lt.create_torrent.v2_only, "hybrid": 0}[form]
storage = lt.file_storage()
lt.add_files(storage, path)
torrent = lt.create_torrent(storage, int(piece_size), flags)
for tracker in trackers:
    torrent.add_tracker(tracker)
lt.set_piece_hashes(torrent, os.path.dirname(path))
with open(out, "wb") as f:
    f.write(lt.bencode(torrent.generate()))
