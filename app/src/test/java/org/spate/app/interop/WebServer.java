package org.spate.app.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's nginx in a {@link Lab}. */
final class WebServer {
  private WebServer() {}

  /**
   * Serves a folder.
   *
   * @param rules what the server block says besides
   */
  static Running start(Lab lab, Path scratch, String address, int port, Path root, String rules) {
    try {
      var home = Files.createTempDirectory(scratch, "nginx");
      var config = home.resolve("nginx.conf");
      Files.writeString(
          config,
          """
          daemon off;
          worker_processes 1;
          user root;
          pid %1$s/pid;
          error_log %1$s/error.log;
          events { worker_connections 100; }
          http {
            access_log %1$s/access.log;
            client_body_temp_path %1$s/body;
            proxy_temp_path %1$s/proxy;
            fastcgi_temp_path %1$s/fastcgi;
            uwsgi_temp_path %1$s/uwsgi;
            scgi_temp_path %1$s/scgi;
            keepalive_timeout 5s;
            server {
              listen %2$s:%3$d;
              root %4$s;
              %5$s
            }
          }
          """
              .formatted(home, address, port, root, rules));
      return lab.start(home, List.of("nginx", "-p", home.toString(), "-c", config.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
