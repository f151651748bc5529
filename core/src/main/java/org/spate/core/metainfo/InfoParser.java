package org.spate.core.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.PlainText;
import org.spate.core.bencode.BencodeException;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.Bencoded;
import org.spate.core.bencode.Bencoded.Dictionary;

/** Reads an info dictionary: v1 (BEP 3), v2 (BEP 52) or both. */
final class InfoParser {
  private static final int SOURCE_LENGTH_MAX = 1000;
  private static final int CERTIFICATE_LENGTH_MAX = 64 << 10;

  private final Dictionary info;
  private final Problems problems;
  private final boolean isV2;
  private final boolean isV1;
  private final int pieceLength;

  InfoParser(Dictionary info, Problems problems) {
    this.info = info;
    this.problems = problems;
    this.isV2 = metaVersion() == 2;
    this.isV1 = !isV2 || info.find("files") != null || info.find("length") != null;
    this.pieceLength = Limits.pieceLength(info.find("piece length"), isV2);
  }

  InfoDictionary parse() {
    var raw = info.raw();
    var infoHash =
        new InfoHash(
            isV1 ? Hash160.sha1(raw, 0, raw.length) : null,
            isV2 ? Hash256.sha256(raw, 0, raw.length) : null);
    var rawName = rawName(infoHash);
    var tree = isV2 ? new V2FileTree(problems) : null;
    var v2 = tree == null ? List.<RawFile>of() : tree.read(fileTree());
    var v1 = isV1 ? new V1FileList(problems).read(info, rawName) : List.<RawFile>of();
    var files = !isV2 ? v1 : !isV1 ? v2 : Hybrid.join(v1, v2, pieceLength);
    boolean isSingleFile = isV1 ? info.find("files") == null : tree != null && tree.isSingleFile();

    var layout = new FileLayout(files, pieceLength, !isV1);
    if (!layout.hasData()) {
      throw new MetainfoException(files.isEmpty() ? "it has no files" : "its files are all empty");
    }
    int piecesStart = isV1 ? piecesStart(layout) - info.start() : -1;
    var name = SafePaths.element(rawName);
    var entries = place(files, layout, isSingleFile ? List.of() : List.of(name), rawName);
    var geometry = layout.geometry();
    return new InfoDictionary(
        infoHash,
        name,
        isSingleFile,
        entries,
        geometry,
        new InfoPieceHashes(raw, piecesStart, entries, geometry, PieceLayers.NONE),
        isPrivate(),
        source(),
        rootCertificate(),
        raw);
  }

  /**
   * A later version may change anything, so it is asked for first. What v2 adds was canonical from
   * its first day: readers may re-encode it, so nothing else is taken.
   */
  private long metaVersion() {
    var version = info.integer("meta version");
    if (version == null) {
      if (info.find("file tree") != null) {
        throw new MetainfoException("it has a file tree but no meta version");
      }
      return 1;
    }
    if (version > 2) {
      throw new MetainfoException("it is of version " + version + ", which is not known yet");
    }
    if (version == 2) {
      requireCanonical();
    }
    return version;
  }

  private void requireCanonical() {
    try {
      BencodeReader.parsePrefix(info.source(), info.start(), info.end(), BencodeLimits.STRICT);
    } catch (BencodeException e) {
      throw new MetainfoException("its v2 info dictionary is not canonical: " + e.getMessage(), e);
    }
  }

  private Dictionary fileTree() {
    var tree = info.dictionary("file tree");
    if (tree == null) {
      throw new MetainfoException("it is of version 2 but has no file tree");
    }
    return tree;
  }

  private String rawName(InfoHash infoHash) {
    var name = info.text("name.utf-8");
    name = name == null ? info.text("name") : name;
    if (name == null) {
      throw new MetainfoException("it has no name");
    }
    var raw = V1FileList.latin(name);
    if (SafePaths.isNameless(raw)) {
      if (isV1 && info.find("files") == null) {
        throw new MetainfoException("its file has no name");
      }
      problems.add("it has no usable name; its info-hash stands for it");
      return infoHash.toString();
    }
    return raw;
  }

  /** Where the SHA-1 hashes begin; how many there are must be just right. */
  private int piecesStart(FileLayout layout) {
    if (!(info.find("pieces") instanceof Bencoded.Text pieces)) {
      throw new MetainfoException("it has no piece hashes");
    }
    if (pieces.length() % Hash160.BYTES != 0) {
      throw new MetainfoException("its piece hashes are " + pieces.length() + " bytes");
    }
    int count = Limits.pieceCount(layout.totalLength(), pieceLength);
    if (pieces.length() / Hash160.BYTES != count) {
      throw new MetainfoException(
          "it has " + pieces.length() / Hash160.BYTES + " piece hashes for " + count + " pieces");
    }
    return pieces.contentStart();
  }

  private FileTree place(
      List<RawFile> files, FileLayout layout, List<String> folder, String rawName) {
    var safePaths = new SafePaths(folder);
    var wanted = new ArrayList<SafePaths.Wanted>();
    for (var file : files) {
      if (!file.isPad()) {
        wanted.add(new SafePaths.Wanted(sanitised(folder, file.path()), target(file)));
      }
    }
    var placed = safePaths.place(wanted).iterator();
    var paths = new ArrayList<List<String>>(files.size());
    var links = new ArrayList<@Nullable List<String>>(files.size());
    for (var file : files) {
      var path = file.isPad() ? sanitised(folder, file.path()) : placed.next();
      paths.add(path);
      links.add(file.linkTarget() == null ? null : link(safePaths, path));
      noteRenaming(file, folder.size(), path);
    }
    var usualFolder = folder.isEmpty() ? folder : List.of(SafePaths.usualElement(rawName));
    return layout.tree(paths, UsualPaths.of(usualFolder, files, paths), links);
  }

  private static List<String> sanitised(List<String> folder, List<String> rawPath) {
    var path = new ArrayList<String>(folder.size() + rawPath.size());
    path.addAll(folder);
    for (var element : rawPath) {
      path.add(SafePaths.element(element));
    }
    return List.copyOf(path);
  }

  private static @Nullable List<String> target(RawFile file) {
    var target = file.linkTarget();
    return target == null ? null : sanitised(List.of(), target);
  }

  private @Nullable List<String> link(SafePaths safePaths, List<String> path) {
    var target = safePaths.resolveLink(path);
    if (target == null) {
      problems.add(
          () ->
              "the symbolic link "
                  + Problems.quote(String.join("/", path))
                  + " leads to nothing in the torrent; an empty file takes its place");
    }
    return target;
  }

  private void noteRenaming(RawFile file, int folderDepth, List<String> path) {
    var below = path.subList(folderDepth, path.size());
    for (int i = 0; i < below.size() && !file.isPad(); i++) {
      if (!SafePaths.isSame(file.path().get(i), below.get(i))) {
        problems.add(() -> "a file is stored as " + Problems.quote(String.join("/", path)));
        return;
      }
    }
  }

  private boolean isPrivate() {
    var flag = info.integer("private");
    return flag != null && flag != 0;
  }

  private @Nullable String rootCertificate() {
    var certificate = info.text("ssl-cert");
    if (certificate == null || certificate.length() == 0) {
      return null;
    }
    if (certificate.length() > CERTIFICATE_LENGTH_MAX) {
      throw new MetainfoException("its certificate is " + certificate.length() + " bytes long");
    }
    return new String(certificate.bytes(), StandardCharsets.ISO_8859_1);
  }

  private @Nullable String source() {
    var source = info.text("source");
    return source == null ? null : PlainText.clean(source.bytes(), SOURCE_LENGTH_MAX);
  }
}
