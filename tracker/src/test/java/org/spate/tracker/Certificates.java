package org.spate.tracker;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for loopback, made by the JDK's keytool. */
record Certificates(TrackerSettings.Tls settings, SSLContext trusting) {
  private static final String PASSWORD = "changeit";

  static Certificates selfSigned(Path folder) throws Exception {
    var file = folder.resolve("keys.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "t",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (keytool.waitFor() != 0) {
      throw new AssertionError("keytool failed");
    }
    var store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    var trust = TrustManagerFactory.getInstance("PKIX");
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("t", store.getCertificate("t"));
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    var chain = pem(folder, "CERTIFICATE", store.getCertificate("t").getEncoded());
    var key = pem(folder, "PRIVATE KEY", store.getKey("t", PASSWORD.toCharArray()).getEncoded());
    return new Certificates(new TrackerSettings.Tls(chain, key), context);
  }

  private static Path pem(Path folder, String kind, byte[] der) throws Exception {
    var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    var text =
        "-----BEGIN "
            + kind
            + "-----\n"
            + lines.encodeToString(der)
            + "\n-----END "
            + kind
            + "-----\n";
    return Files.writeString(folder.resolve(kind.replace(' ', '-') + ".pem"), text);
  }
}
