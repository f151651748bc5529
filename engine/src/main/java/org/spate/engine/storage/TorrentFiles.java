package org.spate.engine.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.FileEntry;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.swarm.PieceSet;
import org.spate.core.wire.Payload;
import org.spate.engine.storage.StorageException.Reason;

/**
 * A torrent's files: where each byte of each piece lies. Padding is read as zeros and never stored;
 * files are made when their first byte comes; bytes of a skipped file that is not there go to the
 * {@link PartsFile}.
 *
 * <p>Writing, skipping and completing happen on one thread at a time; reading on any.
 */
final class TorrentFiles {
  private final InfoDictionary info;
  private final PieceGeometry geometry;
  private final TargetFolder folder;
  private final FileHandles handles;
  private final @Nullable StoredFile[] stored; // null for padding and links
  private final PartsFile parts;
  private volatile BitSet skipped = new BitSet();
  private volatile BitSet inParts = new BitSet(); // never changed once it is here

  TorrentFiles(InfoDictionary info, StoredFile.Host host) {
    this.info = info;
    this.geometry = info.geometry();
    this.folder = host.folder();
    this.handles = host.handles();
    this.stored = new StoredFile[entries().size()];
    for (var entry : entries()) {
      if (!entry.isPad() && entry.symlink() == null) {
        stored[entry.index()] = new StoredFile(entry.path(), entry.usualPath(), host);
      }
    }
    var partsName = List.of("." + info.infoHash() + ".parts");
    this.parts = new PartsFile(new StoredFile(partsName, host), geometry);
  }

  private List<FileEntry> entries() {
    return info.files().files();
  }

  /** A download that another client has begun goes on where it is. */
  private void findPlaces() {
    var files = Arrays.stream(stored).filter(Objects::nonNull).toList();
    if (files.stream().anyMatch(StoredFile::isAtUsualPath)) {
      files.forEach(StoredFile::useUsualPath);
    }
  }

  /** Looks at what is there; {@code skip} holds the indexes of files that are not wanted. */
  void open(BitSet skip) {
    findPlaces();
    parts.load();
    var hidden = new BitSet();
    for (var entry : entries()) {
      var file = stored[entry.index()];
      if (file != null) {
        file.adopt();
        hidden.set(entry.index(), skip.get(entry.index()) && file.stampNow() == null);
      }
    }
    skipped = copy(skip);
    inParts = hidden;
    finishExports();
  }

  private void finishExports() {
    int pending = parts.exportPending();
    for (var entry : entries()) {
      var file = stored[entry.index()];
      if (file != null && !inParts.get(entry.index())) {
        if (entry.index() == pending || file.stampNow() == null) {
          export(entry);
        }
      }
    }
    freeParts();
  }

  /** Changes which files are skipped. */
  void skip(BitSet skip) {
    var hidden = new BitSet();
    for (var entry : entries()) {
      int index = entry.index();
      var file = stored[index];
      if (file != null && skip.get(index) && file.stampNow() == null) {
        hidden.set(index);
      }
    }
    var before = inParts;
    skipped = copy(skip);
    for (int i = before.nextSetBit(0); i >= 0; i = before.nextSetBit(i + 1)) {
      if (!hidden.get(i)) {
        export(entries().get(i)); // while readers still look for it among the parts
      }
    }
    inParts = hidden;
    freeParts();
  }

  private void export(FileEntry entry) {
    if (parts.isEmpty() || entry.length() == 0) {
      return;
    }
    parts.exporting(entry.index());
    for (int piece : parts.pieces()) {
      info.files()
          .spans(
              geometry.offset(piece),
              geometry.length(piece),
              (file, fileOffset, length, begin) -> {
                if (file.index() == entry.index()) {
                  export(file, piece, begin, fileOffset, length);
                }
              });
    }
    parts.exporting(-1);
  }

  private void export(FileEntry entry, int piece, int begin, long fileOffset, int length) {
    var bytes = ByteBuffer.allocate(length);
    try {
      parts.read(piece, begin, bytes);
    } catch (StorageException e) {
      if (e.reason() == Reason.TRUNCATED) {
        return; // it was never put there
      }
      throw e;
    }
    file(entry).write(new ByteBuffer[] {bytes.flip()}, fileOffset);
  }

  private void freeParts() {
    for (int piece : parts.pieces()) {
      if (!needsParts(piece)) {
        parts.free(piece);
      }
    }
    parts.tidy();
  }

  private boolean needsParts(int piece) {
    var found = new boolean[1];
    info.files()
        .spans(
            geometry.offset(piece),
            geometry.length(piece),
            (file, _, _, _) -> found[0] |= inParts.get(file.index()));
    return found[0];
  }

  /** Writes buffers into a piece from an offset on. */
  void write(int pieceIndex, int begin, ByteBuffer[] buffers) {
    int total = 0;
    for (var buffer : buffers) {
      total += buffer.remaining();
    }
    var cursor = new Cursor(buffers);
    info.files()
        .spans(
            geometry.offset(pieceIndex) + begin,
            total,
            (entry, fileOffset, length, at) -> {
              var sources = cursor.take(at, length);
              if (inParts.get(entry.index())) {
                parts.write(pieceIndex, begin + at, sources);
              } else if (!entry.isPad()) {
                file(entry).write(sources, fileOffset);
              }
            });
  }

  /** Fills the target from an offset in a piece; padding gives zeros. */
  void read(int pieceIndex, int begin, ByteBuffer target) {
    int base = target.position();
    info.files()
        .spans(
            geometry.offset(pieceIndex) + begin,
            target.remaining(),
            (entry, fileOffset, length, at) -> {
              var part = target.slice(base + at, length);
              if (entry.isPad()) {
                zero(part);
              } else if (inParts.get(entry.index())) {
                parts.read(pieceIndex, begin + at, part);
              } else {
                file(entry).read(part, fileOffset);
              }
            });
    target.position(target.limit());
  }

  private static void zero(ByteBuffer part) {
    while (part.remaining() >= Long.BYTES) {
      part.putLong(0);
    }
    while (part.hasRemaining()) {
      part.put((byte) 0);
    }
  }

  /** A region if the range lies in one file that is open and was looked at just now, else null. */
  @Nullable Payload regionIfOpen(int pieceIndex, int begin, int length) {
    var place = place(pieceIndex, begin, length);
    if (place == null) {
      return null;
    }
    var handle = place.file.findOpen();
    return handle == null ? null : new RegionPayload(handle, place.offset, length);
  }

  /** The bytes of a range: a region if they lie in one file, else read. May block. */
  Payload load(int pieceIndex, int begin, int length) {
    var place = place(pieceIndex, begin, length);
    if (place != null && !handles.isSaturated()) {
      return region(place, length);
    }
    var bytes = ByteBuffer.allocate(length);
    read(pieceIndex, begin, bytes);
    return BufferPayload.of(bytes.flip());
  }

  private static Payload region(Place place, int length) {
    var handle = place.file.openToRead();
    try {
      if (handle.file().size() < place.offset + length) {
        throw new StorageException(Reason.TRUNCATED, place.file.name());
      }
      return new RegionPayload(handle, place.offset, length);
    } catch (IOException e) {
      handle.release();
      throw StorageException.of(place.file.name(), e);
    } catch (StorageException e) {
      handle.release();
      throw e;
    }
  }

  private record Place(StoredFile file, long offset) {}

  private @Nullable Place place(int pieceIndex, int begin, int length) {
    var found = new Place[1];
    info.files()
        .spans(
            geometry.offset(pieceIndex) + begin,
            length,
            (entry, fileOffset, spanLength, _) -> {
              if (spanLength == length && !entry.isPad() && !inParts.get(entry.index())) {
                found[0] = new Place(file(entry), fileOffset);
              }
            });
    return found[0];
  }

  /** The file that holds a byte of a piece, for messages. */
  String name(int pieceIndex, int begin) {
    var entry = info.files().fileAt(geometry.offset(pieceIndex) + begin);
    return entry == null || entry.isPad() || isInParts(entry)
        ? parts.file().name()
        : file(entry).name();
  }

  boolean isInParts(FileEntry entry) {
    return inParts.get(entry.index());
  }

  int[] piecesInParts() {
    return parts.pieces();
  }

  private StoredFile file(FileEntry entry) {
    var file = stored[entry.index()];
    if (file == null) {
      throw new IllegalStateException("no bytes belong to " + entry.name());
    }
    return file;
  }

  /** The stamps of all files by index, then that of the parts; null where there is none. */
  List<@Nullable FileStamp> stamps() {
    var stamps = new ArrayList<@Nullable FileStamp>();
    for (var file : stored) {
      stamps.add(file == null ? null : file.stampNow());
    }
    stamps.add(parts.file().stampNow());
    return stamps;
  }

  /** Forces all that was written to the disk. May take seconds. */
  void force() {
    for (var file : stored) {
      if (file != null) {
        file.force();
      }
    }
    parts.file().force();
  }

  /** What makes wanted files whole besides their bytes (BEP 47): empty ones, modes, links. */
  void complete() {
    for (var entry : entries()) {
      if (skipped.get(entry.index()) || entry.isPad()) {
        continue;
      }
      var symlink = entry.symlink();
      if (symlink != null) {
        folder.link(entry.path(), whereabouts(symlink));
      } else {
        complete(entry);
      }
    }
  }

  /** Where a file of the torrent is that may be at its usual path. */
  private List<String> whereabouts(List<String> path) {
    for (var entry : entries()) {
      var file = stored[entry.index()];
      if (file != null && entry.usualPath() != null && entry.path().equals(path)) {
        return file.path();
      }
    }
    return path;
  }

  private void complete(FileEntry entry) {
    var file = file(entry);
    var stamp = file.stampNow();
    if (stamp == null ? entry.length() == 0 : stamp.length() > entry.length()) {
      file.fit(entry.length());
    }
    if (entry.isExecutable() && file.stampNow() != null) {
      folder.makeExecutable(file.path());
    }
  }

  /**
   * Takes whatever is on disk for right from now on, which only a recheck makes true.
   *
   * @return the pieces that reach into files which are not as they were
   */
  PieceSet adopt() {
    findPlaces();
    var touched = new PieceSet(geometry.pieceCount());
    for (var entry : entries()) {
      var file = stored[entry.index()];
      if (file != null && !file.adopt()) {
        addReach(entry, touched);
      }
    }
    boolean partsAreSame = parts.file().adopt();
    for (int piece : parts.pieces()) {
      if (!partsAreSame) {
        touched.add(piece);
      }
    }
    parts.load();
    return touched;
  }

  /** Adds the pieces that hold bytes of a file. */
  void addReach(FileEntry entry, PieceSet pieces) {
    if (entry.length() > 0) {
      int last = (int) ((entry.offset() + entry.length() - 1) / geometry.pieceLength());
      for (int i = (int) (entry.offset() / geometry.pieceLength()); i <= last; i++) {
        pieces.add(i);
      }
    }
  }

  /** Whether any file of the torrent is there. */
  boolean isAnyLeft() {
    return stamps().stream().anyMatch(stamp -> stamp != null);
  }

  /** Lets go of all open files. */
  void close() {
    for (var file : stored) {
      if (file != null) {
        handles.drop(file);
      }
    }
    handles.drop(parts.file());
  }

  /** Deletes the torrent's files and the folders that are empty then; nothing else. */
  void delete() {
    close();
    var folders = new TreeSet<String>();
    for (var entry : entries()) {
      var file = stored[entry.index()];
      var path = file == null ? entry.path() : file.path();
      if (!entry.isPad() && (entry.symlink() == null || folder.isLink(path))) {
        folder.delete(path);
      }
      for (int depth = 1; depth < path.size(); depth++) {
        folders.add(TargetFolder.show(path.subList(0, depth)));
      }
    }
    parts.file().delete();
    for (var name : folders.descendingSet()) {
      folder.deleteFolder(List.of(name.split("/")));
    }
  }

  private static BitSet copy(BitSet set) {
    return (BitSet) set.clone();
  }

  /** Cuts consecutive buffers at the borders of files. */
  private static final class Cursor {
    private final ByteBuffer[] buffers;
    private int next;
    private int passed;

    Cursor(ByteBuffer[] buffers) {
      this.buffers = buffers;
    }

    /** The bytes from an offset on, which is not before the end of those taken last. */
    ByteBuffer[] take(int offset, int length) {
      var taken = new ArrayList<ByteBuffer>();
      collect(offset - passed, null);
      collect(length, taken);
      return taken.toArray(ByteBuffer[]::new);
    }

    private void collect(int count, @Nullable List<ByteBuffer> into) {
      int left = count;
      while (left > 0) {
        var buffer = buffers[next];
        int part = Math.min(left, buffer.remaining());
        if (into != null) {
          into.add(buffer.slice(buffer.position(), part));
        }
        buffer.position(buffer.position() + part);
        left -= part;
        if (!buffer.hasRemaining()) {
          next++;
        }
      }
      passed += count;
    }
  }
}
