package org.spate.app.transfer;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.ByteSize;
import org.spate.app.console.Durations;
import org.spate.app.console.Printable;
import org.spate.app.console.Progress;
import org.spate.app.console.Rate;
import org.spate.app.console.TransferSnapshot;
import org.spate.engine.SessionEvent;
import org.spate.engine.TorrentEvent;
import org.spate.engine.TorrentStatus;

/** Events for people: what is complete on stdout, all else on stderr. */
public final class TextReport implements Report {
  private final PrintWriter out;
  private final PrintWriter err;
  private final Progress progress;
  private final boolean isVerbose;
  private final Map<Transfer, Long> startedNanos = new HashMap<>();
  private final Map<String, String> trackerTroubles = new HashMap<>();

  /**
   * @param progress draws on {@code err}
   * @param isVerbose whether pieces, peers and trackers are told of, too
   */
  public TextReport(PrintWriter out, PrintWriter err, Progress progress, boolean isVerbose) {
    this.out = out;
    this.err = err;
    this.progress = progress;
    this.isVerbose = isVerbose;
  }

  @Override
  public void ready() {
    print("READY");
  }

  private void print(String line) {
    progress.aside(
        () -> {
          out.println(line);
          out.flush();
        });
  }

  private void say(Transfer transfer, String message) {
    progress.say(transfer.name() + ": " + message);
  }

  private static String text(TorrentEvent.PeerConnected connected) {
    var route = connected.route();
    var traits = new ArrayList<String>();
    if (!connected.incoming()) {
      traits.add("from " + connected.source().name().toLowerCase(Locale.ROOT));
    }
    traits.add(
        switch (route.transport()) {
          case TCP -> "TCP";
          case UTP -> "uTP";
        });
    switch (route.encryption()) {
      case PLAIN -> {}
      case HANDSHAKE -> traits.add("handshake encrypted");
      case RC4 -> traits.add("encrypted");
      case TLS -> traits.add("TLS");
    }
    if (route.isProxied()) {
      traits.add("by proxy");
    }
    if (route.isPunched()) {
      traits.add("by holepunch");
    }
    return "peer %s %s (%s)"
        .formatted(
            connected.remote(),
            connected.incoming() ? "has connected" : "is connected",
            String.join(", ", traits));
  }

  private void detail(Transfer transfer, String message) {
    if (isVerbose) {
      say(transfer, message);
    }
  }

  @Override
  public void started(Standing standing) {
    startedNanos.put(standing.transfer(), System.nanoTime());
    var swarm = standing.status().swarm();
    String size = ByteSize.show(swarm.wantedBytes()) + " in " + swarm.pieceCount() + " pieces";
    boolean isAnyDone = swarm.piecesDone() > 0 && swarm.doneBytes() < swarm.wantedBytes();
    say(standing.transfer(), isAnyDone ? size + ", " + swarm.piecesDone() + " of them here" : size);
  }

  @Override
  public void event(Transfer transfer, TorrentEvent event) {
    switch (event) {
      case TorrentEvent.PieceCompleted(int index, int left) ->
          detail(transfer, "piece " + index + " is complete, " + left + " left");
      case TorrentEvent.PieceFailed(int index) ->
          detail(transfer, "piece " + index + " failed its hash");
      case TorrentEvent.PeerConnected connected -> detail(transfer, text(connected));
      case TorrentEvent.PeerGone(var remote, var reason) ->
          detail(transfer, "peer " + remote + " is gone: " + reason.text());
      case TorrentEvent.PeerBanned(var remote, int index) ->
          say(transfer, "peer " + remote + " is banned, it sent a bad block of piece " + index);
      case TorrentEvent.WebSeedOpened(var url) -> detail(transfer, "web seed " + url);
      case TorrentEvent.WebSeedFailed(var url, var reason, long wait) ->
          detail(transfer, "web seed " + url + ": " + reason + ", again in " + wait + " s");
      case TorrentEvent.WebSeedGone(var url, var reason) ->
          detail(transfer, "web seed " + url + " is gone: " + reason.text());
      case TorrentEvent.WebSeedBanned(var url, int index) ->
          say(transfer, "web seed " + url + " is banned, it sent bad bytes of piece " + index);
      case TorrentEvent.TrackerAnswered answer -> onAnswer(transfer, answer);
      case TorrentEvent.TrackerFailed(var tracker, var reason) -> {
        if (!Objects.equals(trackerTroubles.put(tracker, reason), reason)) {
          say(transfer, "tracker " + tracker + ": " + reason);
        }
      }
      case TorrentEvent.MetadataComplete(var metainfo) ->
          say(transfer, "metadata is here, of " + count(metainfo.files().files().size()));
      case TorrentEvent.MetadataPoisoned(var remote) ->
          say(transfer, "peer " + remote + " is banned, it sent false metadata");
      case TorrentEvent.StorageRecovered _ -> say(transfer, "goes on");
      case TorrentEvent.Checking _,
          TorrentEvent.MetadataRefused _,
          TorrentEvent.Ready _,
          TorrentEvent.Finished _,
          TorrentEvent.StorageFailed _,
          TorrentEvent.Paused _,
          TorrentEvent.Resumed _,
          TorrentEvent.Broken _,
          TorrentEvent.Removed _ -> {} // told otherwise
    }
  }

  @Override
  public void event(SessionEvent event) {
    if (!isVerbose) {
      return;
    }
    progress.say(
        switch (event) {
          case SessionEvent.PortMapped(var port, var external, var via) ->
              "%s port %d is reached from outside at %s (%s)"
                  .formatted(port.protocol(), port.number(), external, via.text());
          case SessionEvent.PortUnmapped(var port, boolean v6) ->
              "%s port %d is not reached from outside any more (%s)"
                  .formatted(port.protocol(), port.number(), v6 ? "IPv6" : "IPv4");
          case SessionEvent.PortRefused(var via, var reason) ->
              "no port is mapped by %s: %s".formatted(via.text(), reason);
        });
  }

  private static String count(int files) {
    return files == 1 ? "1 file" : files + " files";
  }

  private void onAnswer(Transfer transfer, TorrentEvent.TrackerAnswered answer) {
    trackerTroubles.remove(answer.tracker());
    detail(transfer, "tracker " + answer.tracker() + " knows " + answer.peers() + " peers");
    if (answer.warning() != null) {
      say(transfer, "tracker " + answer.tracker() + " warns: " + answer.warning());
    }
  }

  @Override
  public void progress(List<Standing> standings, long nowNanos) {
    progress.show(standings.stream().map(TextReport::snapshot).toList(), nowNanos);
  }

  private static TransferSnapshot snapshot(Standing standing) {
    var swarm = standing.status().swarm();
    var transfer = standing.transfer();
    if (standing.status().state() == TorrentStatus.State.CHECKING) {
      return check(transfer);
    }
    int seeds = 0;
    for (var peer : swarm.peers()) {
      seeds += peer.piecesHad() == swarm.pieceCount() && swarm.pieceCount() > 0 ? 1 : 0;
    }
    return new TransferSnapshot(
        transfer.name(),
        phase(standing.status(), transfer.hasFailed()),
        swarm.doneBytes(),
        swarm.wantedBytes(),
        swarm.downRate(),
        swarm.upRate(),
        swarm.peers().size(),
        seeds);
  }

  private static TransferSnapshot check(Transfer transfer) {
    long total = transfer.dataLength();
    long done = (long) (transfer.checkedFraction() * total);
    long rate = (long) (done / Math.max(0.1, transfer.checkingTime().toNanos() / 1e9));
    return TransferSnapshot.local(transfer.name(), "checking", done, total, rate);
  }

  /**
   * In a word or two.
   *
   * @param hasFailed whether its command has given up on it, whatever the torrent itself says
   */
  static String phase(TorrentStatus status, boolean hasFailed) {
    if (hasFailed) {
      return "failed";
    }
    return switch (status.state()) {
      case FETCHING_METADATA ->
          status.swarm().peers().isEmpty() ? "looking for peers" : "fetching metadata";
      case CHECKING -> "checking";
      case DOWNLOADING -> status.swarm().peers().isEmpty() ? "looking for peers" : "downloading";
      case SEEDING -> "seeding";
      case PAUSED -> status.progress() >= 1 ? "complete" : "paused";
      case FAILED -> "waiting for the disk";
      case ENDED -> "ended";
    };
  }

  @Override
  public void finished(Standing standing) {
    long nanos = System.nanoTime() - startedNanos.getOrDefault(standing.transfer(), 0L);
    long received = standing.status().swarm().downloaded();
    if (received > 0) {
      var time = Duration.ofNanos(nanos);
      long rate = (long) (received / Math.max(1e-3, nanos / 1e9));
      say(
          standing.transfer(),
          "received "
              + ByteSize.show(received)
              + " in "
              + Durations.show(time)
              + " ("
              + Rate.show(rate)
              + ")");
    }
    var peers = PeerSummary.of(standing.status().swarm());
    if (peers.count() > 0) {
      say(standing.transfer(), peers.text());
    }
    print("DONE " + Printable.of(standing.transfer().name()));
  }

  @Override
  public void seeding(Transfer transfer) {
    if (transfer.role() == Transfer.Role.SEED) {
      print("DONE " + Printable.of(transfer.name()));
    }
    say(transfer, "seeding" + (transfer.isEndless() ? " until interrupted (Ctrl-C)" : ""));
  }

  @Override
  public void problem(Transfer transfer, @Nullable String file, String message, boolean isFinal) {
    String more = isFinal ? "" : "; waits until that is mended";
    progress.aside(
        () -> {
          err.println("spate: " + Printable.of(transfer.name() + ": " + message) + more);
          err.flush();
        });
  }

  @Override
  public void stopping(boolean isInterrupted) {
    if (isInterrupted) {
      progress.say("stopping: telling trackers, saving what is known");
    }
  }

  @Override
  public void stopped() {
    progress.close();
    err.flush();
    out.flush();
  }
}
