"""Prints what libtorrent makes of a torrent: v1 and v2 info-hash, pieces, size, files without pads."""
import sys

import libtorrent as lt

info = lt.torrent_info(sys.argv[1])
hashes = info.info_hashes()
print(hashes.v1 if hashes.has_v1() else "-")
print(hashes.v2 if hashes.has_v2() else "-")
files = info.files()
for i in range(files.num_files()):
    if not files.file_flags(i) & lt.file_storage.flag_pad_file:
        print(files.file_size(i), files.file_path(i))
