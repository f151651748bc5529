"""Makes a torrent with libtorrent: FORMAT PIECE_LENGTH FOLDER NAME PATH... Prints the info dictionary."""

import os
import sys

import libtorrent as lt

style, piece_length, folder, name, *paths = sys.argv[1:]
flags = {
    "V1": lt.create_torrent.v1_only,
    "V2": lt.create_torrent.v2_only,
    # Without padding behind the last file, as libtorrent 2.0.0 to 2.0.7 had it.
    "HYBRID": lt.create_torrent.canonical_files_no_tail_padding,
}[style]

files = lt.file_storage()
for path in paths:
    files.add_file(path, os.path.getsize(os.path.join(folder, path)))
files.set_name(name)
torrent = lt.create_torrent(files, int(piece_length), flags)
lt.set_piece_hashes(torrent, folder)
entry = torrent.generate()
info = lt.bencode(entry[b"info"])
sys.stdout.buffer.write(info)
