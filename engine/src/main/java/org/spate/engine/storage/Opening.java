package org.spate.engine.storage;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.swarm.PieceSet;
import org.spate.engine.storage.StorageException.Reason;

/**
 * What can be believed of the files that are there when a torrent is opened: pieces that the resume
 * data claim in files that nobody touched since are trusted; whatever else may be there must be
 * checked first. Blocks, so it runs on the disk's threads.
 */
final class Opening {
  private final InfoDictionary info;
  private final TorrentFiles files;
  private final TargetFolder folder;
  private final TorrentState state;
  private final StorageOptions options;
  private final @Nullable ResumeData resume;
  private final PieceSet trusted;
  private final PieceSet suspects;
  private List<@Nullable FileStamp> found = List.of();

  Opening(
      InfoDictionary info,
      TorrentFiles files,
      TargetFolder folder,
      TorrentState state,
      StorageOptions options) {
    this.info = info;
    this.files = files;
    this.folder = folder;
    this.state = state;
    this.options = options;
    this.resume = state.load();
    this.trusted = new PieceSet(info.geometry().pieceCount());
    this.suspects = new PieceSet(info.geometry().pieceCount());
  }

  ResumeFacts facts() {
    return resume == null ? ResumeFacts.NONE : resume.facts();
  }

  /** Whether the resume data must be written anew before anything else happens. */
  boolean isFirst() {
    return resume == null;
  }

  PieceSet trusted() {
    return trusted;
  }

  PieceSet suspects() {
    return suspects;
  }

  /** Looks at the files. */
  void look() {
    boolean claims = resume != null && !resume.claimed().isEmpty() && !options.overwrite();
    folder.prepare(!claims);
    files.open(skipped());
    found = files.stamps();
    if (claims && resume != null) {
      refuseOtherDisk(resume);
    }
    refuseLongFiles();
    if (resume == null || options.recheck()) {
      suspectAllThatExists();
    } else {
      believe(resume);
    }
  }

  private BitSet skipped() {
    if (options.skipped() != null) {
      return options.skipped();
    }
    var skipped = new BitSet();
    var priorities = facts().priorities();
    for (int i = 0; i < Math.min(priorities.length, entries().size()); i++) {
      skipped.set(i, priorities[i] == 0);
    }
    return skipped;
  }

  /** A disk that is not mounted is no reason to begin again on the one below it (threat 73). */
  private void refuseOtherDisk(ResumeData resume) {
    boolean anyLeft = found.stream().anyMatch(stamp -> stamp != null);
    if (!anyLeft && resume.device() != folder.device()) {
      throw new StorageException(Reason.FOLDER_GONE, folder.name());
    }
  }

  private void refuseLongFiles() {
    for (var entry : entries()) {
      var stamp = found.get(entry.index());
      if (stamp != null && stamp.length() > entry.length() && !options.overwrite()) {
        throw new StorageException(Reason.FOREIGN, entry.name());
      }
    }
  }

  private void suspectAllThatExists() {
    suspects.addAll(state.journalled());
    for (var entry : entries()) {
      var stamp = found.get(entry.index());
      if (stamp != null && stamp.length() > 0) {
        suspectReach(entry, null);
      }
    }
    for (int piece : files.piecesInParts()) {
      suspects.add(piece);
    }
  }

  private void believe(ResumeData resume) {
    boolean unclean = state.isUnclean();
    var likely = resume.claimed().copy();
    var journalled = state.journalled();
    for (int i = journalled.next(0); i >= 0; i = journalled.next(i + 1)) {
      if (likely.add(i)) {
        suspects.add(i);
      }
    }
    boolean partsTouched = isTouched(resume, entries().size());
    for (var entry : entries()) {
      if (isTouched(resume, entry.index()) || (partsTouched && files.isInParts(entry))) {
        // After a crash our own writes are what touched it, and the journal says which.
        suspectReach(entry, unclean ? likely : null);
      }
    }
    for (int i = resume.claimed().next(0); i >= 0; i = resume.claimed().next(i + 1)) {
      if (!suspects.contains(i)) {
        trusted.add(i);
      }
    }
  }

  private boolean isTouched(ResumeData resume, int index) {
    var before = resume.stamps().get(index);
    var now = found.get(index);
    if (before == null || now == null) {
      return before != null || now != null;
    }
    return !now.isUntouchedSince(before);
  }

  /** Suspects the pieces that a file reaches into, or those of them that are likely. */
  private void suspectReach(FileEntry entry, @Nullable PieceSet likely) {
    var reach = new PieceSet(suspects.pieceCount());
    files.addReach(entry, reach);
    for (int i = reach.next(0); i >= 0; i = reach.next(i + 1)) {
      if (likely == null || likely.contains(i)) {
        suspects.add(i);
      }
    }
  }

  private int firstPiece(FileEntry entry) {
    return (int) (entry.offset() / info.geometry().pieceLength());
  }

  private int lastPiece(FileEntry entry) {
    return (int) ((entry.offset() + entry.length() - 1) / info.geometry().pieceLength());
  }

  /**
   * Refuses to go on if a file that was there before this torrent has nothing of it.
   *
   * @param good what the check of the suspects has found
   */
  void refuseForeignFiles(PieceSet good) {
    if (resume != null || options.overwrite()) {
      return;
    }
    for (var entry : entries()) {
      var stamp = found.get(entry.index());
      if (stamp != null && stamp.length() > 0 && isForeign(entry, stamp, good)) {
        throw new StorageException(Reason.FOREIGN, entry.name());
      }
    }
  }

  private boolean isForeign(FileEntry entry, FileStamp stamp, PieceSet good) {
    boolean isJudged = false;
    for (int piece = firstPiece(entry); piece <= lastPiece(entry); piece++) {
      if (good.contains(piece)) {
        return false;
      }
      isJudged |= isWholeOnDisk(piece);
    }
    return isJudged || stamp.length() != entry.length();
  }

  /** Whether all files of a piece are long enough for it, so that its hash says something. */
  private boolean isWholeOnDisk(int piece) {
    var geometry = info.geometry();
    var whole = new boolean[] {true};
    info.files()
        .spans(
            geometry.offset(piece),
            geometry.dataLength(piece),
            (entry, offset, length, _) -> {
              var stamp = found.get(entry.index());
              whole[0] &= entry.isPad() || (stamp != null && stamp.length() >= offset + length);
            });
    return whole[0];
  }

  private List<FileEntry> entries() {
    return info.files().files();
  }
}
