package org.spate.engine;

import java.util.Arrays;
import java.util.BitSet;
import org.spate.core.metainfo.InfoDictionary;

/** Which files of a torrent are wanted, and what that means for its pieces. */
final class FileChoice {
  static final byte SKIPPED = 0;
  static final byte NORMAL = 1;
  static final byte HIGHEST = 7;

  private FileChoice() {}

  /** One priority for each file; missing ones are normal. */
  static byte[] whole(InfoDictionary info, byte[] priorities) {
    var whole = new byte[info.files().files().size()];
    Arrays.fill(whole, NORMAL);
    System.arraycopy(priorities, 0, whole, 0, Math.min(priorities.length, whole.length));
    return whole;
  }

  /**
   * Checks what a user gave.
   *
   * @throws IllegalArgumentException if there is not one priority from 0 to 7 for each file
   */
  static byte[] checked(InfoDictionary info, byte[] priorities) {
    int count = info.files().files().size();
    if (priorities.length != count) {
      throw new IllegalArgumentException(priorities.length + " priorities for " + count + " files");
    }
    for (byte priority : priorities) {
      if (priority < SKIPPED || priority > HIGHEST) {
        throw new IllegalArgumentException("a priority of " + priority);
      }
    }
    return priorities.clone();
  }

  static boolean isAllNormal(byte[] priorities) {
    for (byte priority : priorities) {
      if (priority != NORMAL) {
        return false;
      }
    }
    return true;
  }

  static BitSet skipped(byte[] priorities) {
    var skipped = new BitSet();
    for (int i = 0; i < priorities.length; i++) {
      skipped.set(i, priorities[i] == SKIPPED);
    }
    return skipped;
  }

  /** For each piece the highest priority of the files in it, pads aside. */
  static byte[] ofPieces(InfoDictionary info, byte[] priorities) {
    int pieceLength = info.geometry().pieceLength();
    var pieces = new byte[info.geometry().pieceCount()];
    for (var file : info.files().files()) {
      byte priority = priorities[file.index()];
      if (file.length() > 0 && !file.isPad() && priority > SKIPPED) {
        int first = (int) (file.offset() / pieceLength);
        int last = (int) ((file.offset() + file.length() - 1) / pieceLength);
        for (int piece = first; piece <= last; piece++) {
          pieces[piece] = (byte) Math.max(pieces[piece], priority);
        }
      }
    }
    return pieces;
  }
}
