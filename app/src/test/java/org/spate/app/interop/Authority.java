package org.spate.app.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority, made by the command {@code openssl}, and what it signs. */
record Authority(Path folder, Path certificate, Path key) {
  /** A certificate and its key, PEM. */
  record Identity(Path certificate, Path key) {}

  private static final List<String> NEW_KEY =
      List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes");

  static Authority make(Path scratch) {
    try {
      var folder = Files.createTempDirectory(scratch, "authority");
      var certificate = folder.resolve("root.pem");
      var key = folder.resolve("root.key");
      openssl(
          NEW_KEY,
          "req -x509 -days 3650 -subj /CN=root -keyout".split(" "),
          key.toString(),
          "-out",
          certificate.toString());
      return new Authority(folder, certificate, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Signs for a name.
   *
   * @param subject such as {@code DNS:name} or {@code IP:address}
   */
  Identity issue(String subject) {
    try {
      var home = Files.createTempDirectory(folder, "issued");
      var certificate = home.resolve("leaf.pem");
      var key = home.resolve("leaf.key");
      var request = home.resolve("leaf.csr").toString();
      var extensions = Files.writeString(home.resolve("ext"), "subjectAltName=" + subject);
      openssl(
          NEW_KEY, "req -new -subj /CN=leaf -keyout".split(" "), key.toString(), "-out", request);
      openssl(
          List.of("-CAkey", this.key.toString(), "-CA", this.certificate.toString()),
          "x509 -req -days 3650 -CAcreateserial -in".split(" "),
          request,
          "-extfile",
          extensions.toString(),
          "-out",
          certificate.toString());
      return new Identity(certificate, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void openssl(List<String> options, String[] command, String... more)
      throws IOException {
    var all = new ArrayList<String>(List.of("openssl"));
    all.addAll(List.of(command));
    all.addAll(List.of(more));
    all.addAll(options);
    var run = Running.start(new ProcessBuilder(all));
    if (run.awaitExit(20) != 0) {
      throw new IllegalStateException(all + run.tail());
    }
  }
}
