package org.spate.engine.example;

import java.nio.file.Path;
import org.spate.engine.Session;
import org.spate.engine.SessionSettings;
import org.spate.engine.TorrentEvent;

/** Downloads one torrent: the example of the README, as it stands there. */
public final class DownloadExample {
  private DownloadExample() {}

  public static void main(String[] args) {
    var settings = SessionSettings.in(Path.of("downloads")).build();
    System.out.println(download(settings, Path.of(args[0])));
  }

  static String download(SessionSettings settings, Path torrentFile) {
    // begin: README
    try (var session = Session.open(settings)) {
      session.listen(
          (torrent, event) -> {
            if (event instanceof TorrentEvent.PieceCompleted(int index, int left)) {
              System.out.println(torrent.name() + ": piece " + index + ", " + left + " to go");
            }
          });
      var torrent = session.add(torrentFile);
      torrent.finished().join();
      return "got " + torrent.status().swarm().doneBytes() + " bytes";
    }
    // end: README
  }
}
