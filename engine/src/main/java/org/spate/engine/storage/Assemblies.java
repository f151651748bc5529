package org.spate.engine.storage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.PieceGeometry;

/** The pieces of a torrent that are coming in; owned by its loop. */
final class Assemblies {
  private final InfoDictionary info;
  private final Executor hashPool;
  private final WriteCache cache;
  private final Verification.Host host;
  private final Map<Integer, PieceAssembly> byPiece = new LinkedHashMap<>();

  Assemblies(InfoDictionary info, Executor hashPool, WriteCache cache, Verification.Host host) {
    this.info = info;
    this.hashPool = hashPool;
    this.cache = cache;
    this.host = host;
  }

  /** A block that is not what its hash says. */
  record WrongBlock(PieceAssembly assembly, int blockIndex, BufferPayload block) {}

  /**
   * Checks each block of a piece by itself, see {@link TorrentStorage#expect}.
   *
   * @param listener told on any thread
   */
  void expect(int pieceIndex, byte[] leaves, Consumer<WrongBlock> listener) {
    var assembly = assembly(pieceIndex);
    assembly.expect(leaves, (i, block) -> listener.accept(new WrongBlock(assembly, i, block)));
  }

  /** Lets go of a wrong block, if it is still in assembly. Returns where in its piece it begins. */
  int takeOut(WrongBlock wrong) {
    var assembly = wrong.assembly;
    if (byPiece.get(assembly.pieceIndex()) == assembly
        && assembly.takeOut(wrong.blockIndex, wrong.block)) {
      int bytes = wrong.block.length();
      host.share().leave(bytes);
      assembly
          .hashing()
          .execute(
              () -> {
                wrong.block.release();
                host.share().give(bytes);
              });
    }
    return wrong.blockIndex * PieceGeometry.BLOCK_LENGTH;
  }

  private PieceAssembly assembly(int pieceIndex) {
    return byPiece.computeIfAbsent(pieceIndex, index -> new PieceAssembly(info, index, hashPool));
  }

  /** Keeps a block; one that is there already is let go. */
  void add(int pieceIndex, int begin, BufferPayload block) {
    var assembly = assembly(pieceIndex);
    if (assembly.add(begin / PieceGeometry.BLOCK_LENGTH, block)) {
      host.share().take(block.length());
    } else {
      block.release();
    }
  }

  /** Ends an assembly with its verification. */
  void verify(int pieceIndex, boolean wantDigests) {
    var assembly = byPiece.remove(pieceIndex);
    if (assembly == null) {
      assembly = new PieceAssembly(info, pieceIndex, hashPool);
    }
    new Verification(assembly, wantDigests, host).start();
  }

  void drop(int pieceIndex) {
    var assembly = byPiece.remove(pieceIndex);
    if (assembly != null) {
      letGo(assembly);
    }
  }

  void dropAll() {
    new ArrayList<>(byPiece.keySet()).forEach(this::drop);
  }

  private void letGo(PieceAssembly assembly) {
    var blocks = assembly.held();
    long bytes = blocks.bytes();
    host.share().leave(bytes);
    // Behind the hashing of these blocks, which still reads them.
    assembly
        .hashing()
        .execute(
            () -> {
              blocks.release();
              host.share().give(bytes);
            });
  }

  /** Makes room: first what is hashed already, then, if that was not enough, what is not. */
  void writeEarly() {
    for (var assembly : byPiece.values()) {
      writeEarly(assembly, false);
    }
    if (cache.isCrowded()) {
      for (var assembly : byPiece.values()) {
        writeEarly(assembly, true);
      }
    }
  }

  private void writeEarly(PieceAssembly assembly, boolean all) {
    var blocks = assembly.takeEarly(all);
    long bytes = blocks.bytes();
    if (bytes > 0) {
      host.share().leave(bytes);
      assembly.hashing().execute(() -> host.disk().add(new EarlyWrite(blocks, bytes, host)));
    }
  }

  private record EarlyWrite(PieceAssembly.Blocks blocks, long bytes, Verification.Host host)
      implements DiskQueue.Task {
    @Override
    public void run() {
      host.state().begin();
      blocks.noteChecksums();
      blocks.write(host.files());
      abandon();
    }

    @Override
    public void abandon() {
      blocks.release();
      host.share().give(bytes);
    }
  }
}
