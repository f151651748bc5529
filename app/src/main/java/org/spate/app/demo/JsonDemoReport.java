package org.spate.app.demo;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.spate.app.console.JsonLines;
import org.spate.core.metainfo.Metainfo;
import tools.jackson.core.JsonGenerator;

/** The demonstration for programs: an object a line, {@code event} and {@code time} first. */
public final class JsonDemoReport implements DemoReport {
  private final JsonLines lines;
  private final Map<String, Figures> told = new HashMap<>();

  private record Figures(long done, long down, long up, int peers) {}

  public JsonDemoReport(JsonLines lines) {
    this.lines = lines;
  }

  private void write(String event, Consumer<JsonGenerator> fields) {
    lines.write(
        json -> {
          json.writeStringProperty("event", event);
          json.writeStringProperty("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
          fields.accept(json);
        });
  }

  @Override
  public void started(Metainfo torrent, DemoSettings settings) {
    write(
        "started",
        json -> {
          json.writeStringProperty("torrent", torrent.name());
          json.writeNumberProperty("total", torrent.files().dataLength());
          json.writeNumberProperty("pieces", torrent.geometry().pieceCount());
          json.writeNumberProperty("peers", settings.peerCount());
          json.writeNumberProperty("up_limit", settings.upRate());
          json.writeNumberProperty("seed_up_limit", settings.seedUpRate());
        });
  }

  @Override
  public void progress(List<Sight> sights, long nowNanos) {
    for (var sight : sights) {
      var swarm = sight.status().swarm();
      var now =
          new Figures(swarm.doneBytes(), swarm.downRate(), swarm.upRate(), swarm.peers().size());
      if (!now.equals(told.put(sight.name(), now))) {
        write(
            "progress",
            json -> {
              json.writeStringProperty("peer", sight.name());
              json.writeNumberProperty("done", now.done);
              json.writeNumberProperty("total", swarm.wantedBytes());
              json.writeNumberProperty("down_rate", now.down);
              json.writeNumberProperty("up_rate", now.up);
              json.writeNumberProperty("peers", now.peers);
            });
      }
    }
  }

  @Override
  public void complete(String name, double seconds) {
    write(
        "finished",
        json -> {
          json.writeStringProperty("peer", name);
          json.writeNumberProperty("seconds", seconds);
        });
  }

  @Override
  public void checking() {
    write("checking", _ -> {});
  }

  @Override
  public void result(DemoResult result) {
    write("result", json -> write(json, result));
  }

  private static void write(JsonGenerator json, DemoResult result) {
    var bounds = result.bounds();
    json.writeNumberProperty("total", result.fileBytes());
    json.writeNumberProperty("distribution_seconds", result.distributionSeconds());
    if (bounds == null) {
      json.writeNullProperty("d_p2p_seconds");
      json.writeNullProperty("d_cs_seconds");
    } else {
      json.writeNumberProperty("d_p2p_seconds", bounds.peerToPeerSeconds());
      json.writeNumberProperty("d_cs_seconds", bounds.clientServerSeconds());
    }
    json.writeNumberProperty("seed_sent", result.seedSentBytes());
    json.writeNumberProperty("seed_copies", result.seedCopies());
    json.writeArrayPropertyStart("copies");
    for (var copy : result.copies()) {
      json.writeStartObject();
      json.writeStringProperty("peer", copy.peer());
      json.writeNumberProperty("seconds", copy.seconds());
      json.writeNumberProperty("sent", copy.sentBytes());
      json.writeBooleanProperty("intact", copy.isIntact());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  @Override
  public void interrupted() {
    write("stopped", _ -> {});
  }
}
