package org.spate.engine.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.spate.core.dht.DhtState;

/**
 * What the DHT of a later session begins with: ids and nodes, readable by their owner alone. Nobody
 * is harmed if it is lost, so nothing that goes wrong here is told to anybody.
 */
public final class SavedDht {
  private final Path file;

  SavedDht(Path folder) {
    this.file = folder.resolve("dht");
  }

  /** What is saved; nothing, if that is not sound. */
  public DhtState load() {
    try {
      return Files.size(file) > DhtState.BYTES_MAX
          ? DhtState.EMPTY
          : DhtState.parse(Files.readAllBytes(file));
    } catch (IOException _) {
      return DhtState.EMPTY;
    }
  }

  /** Saves in place of what was there. Sessions that share a folder save one after the other. */
  public void save(DhtState state) {
    try {
      var fresh = Files.createTempFile(file.getParent(), "dht", ".new"); // 0600 by its contract
      try (var out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        for (var rest = ByteBuffer.wrap(state.bytes()); rest.hasRemaining(); ) {
          out.write(rest);
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException _) {
      // The next session asks the routers.
    }
  }
}
