package org.spate.engine;

import org.spate.core.metainfo.InfoDictionary;

/** Chooses the files of a torrent when it has become known what they are. */
@FunctionalInterface
public interface FileSelector {
  /**
   * One priority for each file: 0 = skipped, 1 = normal, up to 7. Called on the torrent's loop: it
   * must not wait for anything.
   */
  byte[] priorities(InfoDictionary info);
}
