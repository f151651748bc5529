package org.spate.core.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash256;

/**
 * How files become the pieces of a new torrent. The files are put in the order of their bytes,
 * which BEP 52 asks for, and a hybrid gets padding (BEP 47) so that each file begins with a piece;
 * so the same files always make the same torrent.
 *
 * <p>A host then reads each piece with {@link FileTree#spans} over {@code geometry().offset(i)} and
 * {@code paddedLength(i)}, and hashes it: for v1 all of it, padding as zeros; for v2 the blocks of
 * data by themselves, {@link #pieceRoot} of which it hands to {@link TorrentHashes}.
 */
public final class TorrentPlan {
  private static final int PIECES_WANTED = 2048;
  private static final int CHOSEN_LENGTH_MAX = 1 << 24;

  /** So that the file tree nests no deeper than readers take. */
  private static final int PATH_DEPTH_MAX = 90;

  private final CreationOptions options;
  private final List<RawFile> files; // in the torrent's order, padding included
  private final int[] sources; // for each the index of its source, or -1
  private final FileTree tree;
  private final PieceGeometry geometry;

  private TorrentPlan(
      CreationOptions options, List<RawFile> files, int[] sources, int pieceLength) {
    this.options = options;
    this.files = files;
    this.sources = sources;
    var layout = new FileLayout(files, pieceLength, !options.format().hasV1());
    if (!layout.hasData()) {
      throw new MetainfoException("there is nothing to share: all files are empty");
    }
    this.geometry = layout.geometry();
    var nothing = Collections.<@Nullable List<String>>nCopies(files.size(), null);
    this.tree = layout.tree(paths(), nothing, nothing);
  }

  /**
   * Plans a torrent.
   *
   * @throws MetainfoException if these files or options make no torrent
   */
  public static TorrentPlan of(List<SourceFile> sources, CreationOptions options) {
    checkNames(sources, options);
    checkUrls(options);
    long length = sources.stream().mapToLong(SourceFile::length).reduce(0, FileLayout::sum);
    int pieceLength = pieceLength(length, options);
    var raw = sources.stream().map(source -> raw(source, options)).toList();
    var order = IntStream.range(0, raw.size()).boxed().sorted(byPath(raw)).toList();
    var files = new ArrayList<RawFile>();
    var origins = new ArrayList<Integer>();
    long end = 0;
    for (int index : order) {
      var file = raw.get(index);
      long gap = Math.floorMod(-end, (long) pieceLength);
      if (options.format() == TorrentFormat.HYBRID && file.hasData() && gap > 0) {
        files.add(padding(gap));
        origins.add(-1);
        end += gap;
      }
      files.add(file);
      origins.add(index);
      end += file.length();
    }
    var indexes = origins.stream().mapToInt(Integer::intValue).toArray();
    return new TorrentPlan(options, List.copyOf(files), indexes, pieceLength);
  }

  public CreationOptions options() {
    return options;
  }

  /** The files in order, padding included, under their names on disk. */
  public FileTree files() {
    return tree;
  }

  public PieceGeometry geometry() {
    return geometry;
  }

  /** Which of the sources a file is; -1 for padding. */
  public int sourceIndex(FileEntry file) {
    return sources[file.index()];
  }

  /**
   * The root of a piece's subtree (BEP 52).
   *
   * @param leaves the SHA-256 hashes of the piece's blocks of data, one behind the other
   */
  public Hash256 pieceRoot(int pieceIndex, byte[] leaves) {
    var file = tree.fileAt(geometry.offset(pieceIndex));
    long length = file == null ? 0 : Math.min(file.length(), geometry.pieceLength());
    return MerkleTree.root(leaves, 0, MerkleTree.leafCount(length));
  }

  List<RawFile> rawFiles() {
    return files;
  }

  /** A length that makes about two thousand pieces, 16 KiB to 16 MiB. */
  public static int chosenPieceLength(long totalLength) {
    int length = PieceGeometry.BLOCK_LENGTH;
    while (length < CHOSEN_LENGTH_MAX && totalLength / length > PIECES_WANTED) {
      length *= 2;
    }
    return length;
  }

  private static int pieceLength(long totalLength, CreationOptions options) {
    int length = options.pieceLength();
    if (length == 0) {
      return chosenPieceLength(totalLength);
    }
    boolean isFit =
        options.format().hasV2()
            ? Integer.bitCount(length) == 1
            : length % PieceGeometry.BLOCK_LENGTH == 0;
    if (!isFit || length < PieceGeometry.BLOCK_LENGTH || length > Limits.PIECE_LENGTH_MAX) {
      throw new MetainfoException(
          "a piece length of "
              + length
              + (options.format().hasV2() ? " is no power of two" : " is no multiple of 16 KiB")
              + " from 16384 to "
              + Limits.PIECE_LENGTH_MAX);
    }
    return length;
  }

  private static void checkNames(List<SourceFile> sources, CreationOptions options) {
    checkElement(options.name());
    var directories = new HashSet<List<String>>();
    var paths = new HashSet<List<String>>();
    for (var source : sources) {
      source.path().forEach(TorrentPlan::checkElement);
      if (source.path().size() > PATH_DEPTH_MAX) {
        throw new MetainfoException("a path has more than " + PATH_DEPTH_MAX + " elements");
      }
      if (source.path().isEmpty() || !paths.add(source.path())) {
        throw new MetainfoException("two files have the same path: " + source.path());
      }
      for (int i = 1; i < source.path().size(); i++) {
        directories.add(source.path().subList(0, i));
      }
      if (source.length() < 0 || (source.linkTarget() != null && source.length() > 0)) {
        throw new MetainfoException("a file is " + source.length() + " bytes long");
      }
    }
    if (paths.stream().anyMatch(directories::contains)) {
      throw new MetainfoException("a file is a directory, too");
    }
    if (options.isSingleFile() && (sources.size() != 1 || sources.getFirst().path().size() != 1)) {
      throw new MetainfoException("a torrent of a single file has one file");
    }
  }

  private static void checkUrls(CreationOptions options) {
    var problems = new Problems();
    for (var tier : options.trackers()) {
      tier.forEach(u -> Urls.accept(u, Urls.TRACKER_SCHEMES, "tracker", problems));
    }
    options.webSeeds().forEach(u -> Urls.accept(u, Urls.WEB_SEED_SCHEMES, "web seed", problems));
    if (!problems.list().isEmpty()) {
      throw new MetainfoException(problems.list().getFirst());
    }
  }

  private static void checkElement(String element) {
    boolean isBad =
        element.isEmpty()
            || element.equals(".")
            || element.equals("..")
            || element.indexOf('/') >= 0
            || element.indexOf('\0') >= 0;
    if (isBad) {
      throw new MetainfoException("no file can be named " + Problems.quote(element));
    }
  }

  /** The order of a file tree: element by element, by unsigned bytes, which are chars here. */
  private static Comparator<Integer> byPath(List<RawFile> files) {
    return (a, b) -> {
      var first = files.get(a).path();
      var second = files.get(b).path();
      for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
        int order = first.get(i).compareTo(second.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(first.size(), second.size());
    };
  }

  private static RawFile raw(SourceFile source, CreationOptions options) {
    var path = options.isSingleFile() ? List.of(options.name()) : source.path();
    return new RawFile(
        latin(path),
        source.length(),
        false,
        source.isExecutable(),
        source.isHidden(),
        source.linkTarget() == null ? null : latin(source.linkTarget()),
        null);
  }

  private static RawFile padding(long length) {
    var path = List.of(".pad", Long.toString(length));
    return new RawFile(path, length, true, false, false, null, null);
  }

  private List<List<String>> paths() {
    var paths = new ArrayList<List<String>>(files.size());
    for (var file : files) {
      var path = new ArrayList<String>();
      if (!options.isSingleFile()) {
        path.add(options.name());
      }
      file.path().forEach(e -> path.add(new String(bytes(e), StandardCharsets.UTF_8)));
      paths.add(List.copyOf(path));
    }
    return paths;
  }

  private static List<String> latin(List<String> path) {
    return path.stream().map(TorrentPlan::latin).toList();
  }

  private static String latin(String element) {
    return new String(element.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }
}
