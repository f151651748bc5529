package org.spate.tracker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;

/** A list with an entry a line, and how to change it without touching its other lines. */
final class ListFile {
  private ListFile() {}

  /** Appends a line, behind a line feed if the last line has none. */
  static void add(Path file, String line) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = channel.size();
      var last = ByteBuffer.allocate(1);
      boolean isOpen = size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n';
      var text = (isOpen ? "\n" : "") + line + "\n";
      channel.position(size);
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** Leaves lines out, by their first word. */
  static void remove(Path file, Predicate<String> isGone) throws IOException {
    var lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    CompleteFile.write(
        file,
        out -> {
          for (var line : lines) {
            if (!isGone.test(firstWord(line))) {
              out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
          }
        });
  }

  private static String firstWord(String line) {
    return line.strip().split("[\\s#]", 2)[0];
  }
}
