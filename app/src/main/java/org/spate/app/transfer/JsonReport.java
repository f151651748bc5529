package org.spate.app.transfer;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.JsonLines;
import org.spate.core.portmap.LocalPort;
import org.spate.engine.SessionEvent;
import org.spate.engine.TorrentEvent;
import org.spate.engine.TorrentStatus;
import tools.jackson.core.JsonGenerator;

/**
 * Events for programs: an object for each, {@code event} and {@code time} first. Which torrent it
 * is about is said when there are several, and always in {@code started}.
 */
public final class JsonReport implements Report {
  /** Who reads along wants a sign of life now and then, also when nothing changes. */
  private static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final JsonLines lines;
  private final PrintWriter out;
  private final boolean isOneOfSeveral;
  private final Map<Transfer, Told> told = new HashMap<>();

  private record Told(Figures figures, long atNanos) {}

  /** What of a status is told, and so makes a difference. */
  private record Figures(
      boolean isFetchingMetadata,
      long done,
      long total,
      long down,
      long up,
      int peers,
      int seeds,
      PeerSummary summary) {
    static Figures of(TorrentStatus status) {
      var swarm = status.swarm();
      int seeds = 0;
      for (var peer : swarm.peers()) {
        seeds += peer.piecesHad() == swarm.pieceCount() && swarm.pieceCount() > 0 ? 1 : 0;
      }
      return new Figures(
          status.state() == TorrentStatus.State.FETCHING_METADATA,
          swarm.doneBytes(),
          swarm.wantedBytes(),
          swarm.downRate(),
          swarm.upRate(),
          swarm.peers().size(),
          seeds,
          PeerSummary.of(swarm));
    }

    @Nullable Long secondsLeft() {
      return done < total && down > 0 ? (total - done) / down : null;
    }
  }

  /**
   * @param out for the one line that is no event
   * @param isOneOfSeveral whether there is more than one torrent
   */
  public JsonReport(JsonLines lines, PrintWriter out, boolean isOneOfSeveral) {
    this.lines = lines;
    this.out = out;
    this.isOneOfSeveral = isOneOfSeveral;
  }

  private void write(String event, @Nullable Transfer transfer, Consumer<JsonGenerator> fields) {
    lines.write(
        json -> {
          json.writeStringProperty("event", event);
          json.writeStringProperty("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
          if (transfer != null && (isOneOfSeveral || event.equals("started"))) {
            json.writeStringProperty("torrent", transfer.name());
            json.writeStringProperty("info_hash", transfer.infoHash().toString());
          }
          fields.accept(json);
        });
  }

  @Override
  public void ready() {
    out.println("READY");
    out.flush();
  }

  @Override
  public void started(Standing standing) {
    var swarm = standing.status().swarm();
    write(
        "started",
        standing.transfer(),
        json -> {
          json.writeNumberProperty("total", swarm.wantedBytes());
          json.writeNumberProperty("done", swarm.doneBytes());
          json.writeNumberProperty("pieces", swarm.pieceCount());
          json.writeNumberProperty("pieces_done", swarm.piecesDone());
        });
  }

  @Override
  public void event(Transfer transfer, TorrentEvent event) {
    switch (event) {
      case TorrentEvent.Checking(int checked, int total) ->
          write(
              "checking",
              transfer,
              json -> {
                json.writeNumberProperty("checked", checked);
                json.writeNumberProperty("pieces", total);
              });
      case TorrentEvent.PieceCompleted(int index, int left) ->
          write(
              "piece",
              transfer,
              json -> {
                json.writeNumberProperty("index", index);
                json.writeNumberProperty("left", left);
              });
      case TorrentEvent.MetadataComplete(var metainfo) ->
          write(
              "metadata",
              transfer,
              json -> {
                json.writeStringProperty("name", metainfo.name());
                json.writeNumberProperty("files", metainfo.files().files().size());
                json.writeNumberProperty("total", metainfo.files().dataLength());
              });
      case TorrentEvent.MetadataPoisoned(var remote) ->
          peer(transfer, "banned", remote.toString(), "sent false metadata");
      case TorrentEvent.PieceFailed(int index) ->
          write("bad_piece", transfer, json -> json.writeNumberProperty("index", index));
      case TorrentEvent.PeerConnected connected -> peer(transfer, connected);
      case TorrentEvent.PeerGone(var remote, var reason) ->
          peer(transfer, "gone", remote.toString(), reason.text());
      case TorrentEvent.PeerBanned(var remote, int index) ->
          peer(transfer, "banned", remote.toString(), "sent a bad block of piece " + index);
      case TorrentEvent.WebSeedOpened(var url) -> webSeed(transfer, "open", url, null);
      case TorrentEvent.WebSeedFailed(var url, var reason, long wait) ->
          webSeed(transfer, "waiting", url, reason + ", again in " + wait + " s");
      case TorrentEvent.WebSeedGone(var url, var reason) ->
          webSeed(transfer, "gone", url, reason.text());
      case TorrentEvent.WebSeedBanned(var url, int index) ->
          webSeed(transfer, "banned", url, "sent a bad block of piece " + index);
      case TorrentEvent.TrackerAnswered answer -> tracker(transfer, answer);
      case TorrentEvent.TrackerFailed(var tracker, var reason) ->
          write(
              "tracker",
              transfer,
              json -> {
                json.writeStringProperty("tracker", tracker);
                json.writeStringProperty("error", reason);
              });
      case TorrentEvent.StorageRecovered _ -> write("recovered", transfer, _ -> {});
      case TorrentEvent.Paused _ -> write("paused", transfer, _ -> {});
      case TorrentEvent.Resumed _ -> write("resumed", transfer, _ -> {});
      case TorrentEvent.MetadataRefused _,
          TorrentEvent.Ready _,
          TorrentEvent.Finished _,
          TorrentEvent.StorageFailed _,
          TorrentEvent.Broken _,
          TorrentEvent.Removed _ -> {} // told otherwise
    }
  }

  @Override
  public void event(SessionEvent event) {
    switch (event) {
      case SessionEvent.PortMapped(var port, var external, var via) ->
          write(
              "port_mapped",
              null,
              json -> {
                write(json, port);
                json.writeStringProperty("external", external.toString());
                json.writeStringProperty("by", via.text());
              });
      case SessionEvent.PortUnmapped(var port, boolean v6) ->
          write(
              "port_unmapped",
              null,
              json -> {
                write(json, port);
                json.writeStringProperty("family", v6 ? "IPv6" : "IPv4");
              });
      case SessionEvent.PortRefused(var via, var reason) ->
          write(
              "port_refused",
              null,
              json -> {
                json.writeStringProperty("by", via.text());
                json.writeStringProperty("reason", reason);
              });
    }
  }

  private static void write(JsonGenerator json, LocalPort port) {
    json.writeStringProperty("protocol", PeerSummary.word(port.protocol()));
    json.writeNumberProperty("port", port.number());
  }

  private void peer(Transfer transfer, TorrentEvent.PeerConnected connected) {
    var route = connected.route();
    write(
        "peer",
        transfer,
        json -> {
          json.writeStringProperty("state", "connected");
          json.writeStringProperty("address", connected.remote().toString());
          json.writeBooleanProperty("incoming", connected.incoming());
          json.writeStringProperty("source", PeerSummary.word(connected.source()));
          json.writeStringProperty("transport", PeerSummary.word(route.transport()));
          json.writeStringProperty("encryption", PeerSummary.word(route.encryption()));
          json.writeBooleanProperty("proxied", route.isProxied());
          json.writeBooleanProperty("punched", route.isPunched());
        });
  }

  private void peer(Transfer transfer, String state, String address, String reason) {
    write(
        "peer",
        transfer,
        json -> {
          json.writeStringProperty("state", state);
          json.writeStringProperty("address", address);
          json.writeStringProperty("reason", reason);
        });
  }

  private void webSeed(Transfer transfer, String state, String url, @Nullable String reason) {
    write(
        "web_seed",
        transfer,
        json -> {
          json.writeStringProperty("state", state);
          json.writeStringProperty("url", url);
          if (reason != null) {
            json.writeStringProperty("reason", reason);
          }
        });
  }

  private void tracker(Transfer transfer, TorrentEvent.TrackerAnswered answer) {
    write(
        "tracker",
        transfer,
        json -> {
          json.writeStringProperty("tracker", answer.tracker());
          json.writeNumberProperty("peers", answer.peers());
          writeIfKnown(json, "complete", answer.complete());
          writeIfKnown(json, "incomplete", answer.incomplete());
          if (answer.warning() != null) {
            json.writeStringProperty("warning", answer.warning());
          }
        });
  }

  private static void writeIfKnown(JsonGenerator json, String name, int count) {
    if (count >= 0) {
      json.writeNumberProperty(name, count);
    }
  }

  @Override
  public void progress(List<Standing> standings, long nowNanos) {
    for (var standing : standings) {
      if (standing.status().state() == TorrentStatus.State.CHECKING) {
        continue; // what it has is not known yet
      }
      var figures = Figures.of(standing.status());
      var last = told.get(standing.transfer());
      if (last == null
          || !last.figures.equals(figures)
          || nowNanos - last.atNanos >= SILENCE_MAX_NANOS) {
        told.put(standing.transfer(), new Told(figures, nowNanos));
        write("progress", standing.transfer(), json -> write(json, figures));
      }
    }
  }

  private static void write(JsonGenerator json, Figures figures) {
    json.writeNumberProperty("done", figures.done);
    json.writeNumberProperty("total", figures.total);
    json.writeNumberProperty("down_rate", figures.down);
    json.writeNumberProperty("up_rate", figures.up);
    if (figures.isFetchingMetadata) {
      json.writeStringProperty("state", "fetching metadata");
    }
    json.writeNumberProperty("peers", figures.peers);
    json.writeNumberProperty("seeds", figures.seeds);
    write(json, "sources", figures.summary.sources());
    write(json, "transports", figures.summary.transports());
    json.writeNumberProperty("encrypted", figures.summary.encrypted());
    json.writeNumberProperty("proxied", figures.summary.proxied());
    json.writeNumberProperty("punched", figures.summary.punched());
    var left = figures.secondsLeft();
    if (left == null) {
      json.writeNullProperty("eta");
    } else {
      json.writeNumberProperty("eta", left);
    }
  }

  private static void write(
      JsonGenerator json, String name, Map<? extends Enum<?>, Integer> counts) {
    json.writeObjectPropertyStart(name);
    counts.forEach((kind, count) -> json.writeNumberProperty(PeerSummary.word(kind), count));
    json.writeEndObject();
  }

  @Override
  public void finished(Standing standing) {
    write(
        "finished",
        standing.transfer(),
        json -> json.writeNumberProperty("total", standing.status().swarm().wantedBytes()));
  }

  @Override
  public void seeding(Transfer transfer) {
    write("seeding", transfer, _ -> {});
  }

  @Override
  public void problem(Transfer transfer, @Nullable String file, String message, boolean isFinal) {
    write(
        "error",
        transfer,
        json -> {
          json.writeStringProperty("message", message);
          if (file != null) {
            json.writeStringProperty("file", file);
          }
          json.writeBooleanProperty("final", isFinal);
        });
  }

  @Override
  public void stopping(boolean isInterrupted) {}

  @Override
  public void stopped() {
    write("stopped", null, _ -> {});
  }
}
