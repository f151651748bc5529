package org.spate.app.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;

/**
 * What tests of programs that exchange files have in common: a lab with clients at fixed addresses,
 * a folder that is shared, and one for the copy.
 */
@Tag("interop")
abstract class InteropFixture {
  /** For anything that a program is waited for. */
  static final int SECONDS = 60;

  static final String SEED = Lab.address(1);
  static final String LEECH = Lab.address(2);
  static final String TRACKER = Lab.address(11);
  static final String ANNOUNCE = "http://" + TRACKER + ":6969/announce";

  @TempDir Path scratch;
  Lab lab;
  Clients clients;
  Path complete;
  Path copy;

  @BeforeEach
  final void openLab() throws IOException {
    lab = Lab.open();
    clients = new Clients(lab, scratch);
    complete = Files.createDirectory(scratch.resolve("complete"));
    copy = Files.createDirectory(scratch.resolve("copy"));
  }

  @AfterEach
  final void closeLab() {
    lab.close();
  }

  /** Each foreign client with each format that it knows how to handle. */
  static Stream<Arguments> foreignClientsAndFormats() {
    return Stream.of(Clients.Foreign.values())
        .flatMap(
            client ->
                Stream.of("v1", "v2", "hybrid")
                    .filter(client::canDo)
                    .map(format -> Arguments.of(client, format)));
  }
}
