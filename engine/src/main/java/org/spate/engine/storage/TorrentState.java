package org.spate.engine.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.swarm.PieceSet;

/**
 * One torrent's resume data on disk, and beside it a journal of pieces that were written since.
 *
 * <p>The resume file is replaced whole: written beside it, forced, renamed, the folder forced. It
 * claims only what was forced before. The journal costs one small write for each piece and is never
 * forced: it outlives the process, not a power cut, and whoever reads it must check the pieces it
 * names. That it is there at all says that the last run did not end in order.
 */
final class TorrentState {
  private static final long JOURNAL_MAGIC = 0x535041544A524E4CL; // "SPATJRNL"
  private static final int JOURNAL_HEADER = 12;
  private static final int ENTRY = 8;

  /** Entries read of a journal, in multiples of the piece count; pieces can be fetched again. */
  private static final int ENTRIES_PER_PIECE_MAX = 8;

  /** The longest resume file that is read. */
  private static final long RESUME_BYTES_MAX = 256L << 20;

  private final Path folder;
  private final InfoDictionary info;
  private final DiskFile.Layer layer;
  private final Runnable onClose;
  private final int seal; // makes an entry of one torrent's journal no entry of another's
  private @Nullable DiskFile journal;
  private long journalEnd;
  private int savedCrc; // of the resume data that are on disk as far as we know, or 0

  TorrentState(Path folder, InfoDictionary info, DiskFile.Layer layer, Runnable onClose) {
    this.folder = folder;
    this.info = info;
    this.layer = layer;
    this.onClose = onClose;
    var identity = ResumeData.identity(info.infoHash());
    this.seal = ResumeData.crc(identity, identity.length);
  }

  private Path file(String kind) {
    return folder.resolve(info.infoHash() + "." + kind);
  }

  /** The resume data, or null if there are none that can be trusted. */
  synchronized @Nullable ResumeData load() {
    var path = file("resume");
    try {
      if (Files.size(path) > RESUME_BYTES_MAX) {
        return null;
      }
      var bytes = Files.readAllBytes(path);
      var data = ResumeData.decode(bytes, info);
      savedCrc = data == null ? 0 : ResumeData.crc(bytes, bytes.length);
      return data;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw StorageException.of(path.toString(), e);
    }
  }

  /** Replaces the resume data if they differ; returns when they are on the disk. */
  synchronized void save(ResumeData data) {
    var bytes = data.encode(info);
    int crc = ResumeData.crc(bytes, bytes.length);
    if (crc == savedCrc && Files.exists(file("resume"))) {
      return;
    }
    savedCrc = 0;
    var path = file("resume");
    var fresh = file("resume.new");
    try {
      Files.deleteIfExists(fresh);
      var out = open(fresh, StandardOpenOption.CREATE_NEW);
      try {
        out.write(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, 0);
        out.force();
      } finally {
        out.close();
      }
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      TargetFolder.forceFolder(folder);
      savedCrc = crc;
    } catch (IOException e) {
      throw StorageException.of(path.toString(), e);
    }
  }

  private DiskFile open(Path path, StandardOpenOption... options) throws IOException {
    return layer.file(StateFolder.createPrivate(path, options), path.toString());
  }

  /** Whether the last run did not end in order. */
  boolean isUnclean() {
    return Files.exists(file("journal"));
  }

  /** The pieces that the journal names: perhaps written, to be checked. */
  PieceSet journalled() {
    int pieceCount = info.geometry().pieceCount();
    var pieces = new PieceSet(pieceCount);
    var path = file("journal");
    long most = JOURNAL_HEADER + (long) ENTRY * ENTRIES_PER_PIECE_MAX * pieceCount;
    try (var in = Files.newInputStream(path)) {
      var bytes = ByteBuffer.wrap(in.readNBytes((int) Math.min(most, Integer.MAX_VALUE - ENTRY)));
      if (bytes.remaining() < JOURNAL_HEADER
          || bytes.getLong() != JOURNAL_MAGIC
          || bytes.getInt() != seal) {
        return pieces;
      }
      while (bytes.remaining() >= ENTRY) {
        int index = bytes.getInt();
        if (bytes.getInt() == (index ^ seal) && index >= 0 && index < pieceCount) {
          pieces.add(index);
        }
      }
      return pieces;
    } catch (NoSuchFileException e) {
      return pieces;
    } catch (IOException e) {
      throw StorageException.of(path.toString(), e);
    }
  }

  /** Notes that a piece was verified and written. */
  synchronized void note(int pieceIndex) {
    var entry = ByteBuffer.allocate(ENTRY).putInt(pieceIndex).putInt(pieceIndex ^ seal);
    append(entry.flip());
  }

  /** Makes sure that there is a journal, before anything is written that resume data do not say. */
  synchronized void begin() {
    append(ByteBuffer.allocate(0));
  }

  private void append(ByteBuffer entry) {
    var path = file("journal");
    try {
      if (journal == null) {
        journal = openJournal(path);
      }
      int length = entry.remaining();
      journal.write(new ByteBuffer[] {entry}, journalEnd);
      journalEnd += length;
    } catch (IOException e) {
      throw StorageException.of(path.toString(), e);
    }
  }

  /** Goes on with the journal that is there if it is sound, else begins one. */
  private DiskFile openJournal(Path path) throws IOException {
    boolean goOn = !journalled().isEmpty();
    var file = open(path, StandardOpenOption.CREATE, StandardOpenOption.READ);
    if (goOn) {
      journalEnd = JOURNAL_HEADER + (file.size() - JOURNAL_HEADER) / ENTRY * ENTRY;
    } else {
      file.truncate(0);
      var header = ByteBuffer.allocate(JOURNAL_HEADER).putLong(JOURNAL_MAGIC).putInt(seal);
      file.write(new ByteBuffer[] {header.flip()}, 0);
      journalEnd = JOURNAL_HEADER;
    }
    return file;
  }

  /** Removes the journal: the resume data say all there is. */
  synchronized void end() {
    closeJournal();
    var path = file("journal");
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw StorageException.of(path.toString(), e);
    }
  }

  private void closeJournal() {
    try {
      if (journal != null) {
        journal.close();
      }
    } catch (IOException _) {
      // Only hints were in it.
    }
    journal = null;
  }

  /** Deletes all that is kept of the torrent. */
  void forget() {
    end();
    try {
      Files.deleteIfExists(file("resume"));
      Files.deleteIfExists(file("resume.new"));
    } catch (IOException e) {
      throw StorageException.of(file("resume").toString(), e);
    }
  }

  /** Lets others have the torrent. */
  void close() {
    synchronized (this) {
      closeJournal();
    }
    onClose.run();
  }
}
