package org.spate.core.metainfo;

/** Which peers a new torrent is for: those of BEP 3, those of BEP 52, or both. */
public enum TorrentFormat {
  V1,
  V2,
  HYBRID;

  public boolean hasV1() {
    return this != V2;
  }

  public boolean hasV2() {
    return this != V1;
  }
}
