package org.spate.app.replay;

import org.spate.app.console.JsonLines;
import org.spate.core.recording.Replay.Replayed;

/** A replay for programs: an object for each step that is shown, and one at the end. */
public final class ReplayJsonReport implements ReplayReport {
  private final JsonLines lines;

  public ReplayJsonReport(JsonLines lines) {
    this.lines = lines;
  }

  @Override
  public void step(Replayed replayed, double seconds) {
    var step = replayed.step();
    lines.write(
        json -> {
          json.writeNumberProperty("step", step.number());
          json.writeNumberProperty("time_s", seconds);
          json.writeStringProperty("input", StepText.of(step.input()));
          json.writeArrayPropertyStart("outputs");
          replayed.outputs().forEach(output -> json.writeString(StepText.of(output)));
          json.writeEndArray();
          if (!replayed.broke().isEmpty()) {
            json.writeStringProperty("broke", replayed.broke());
          }
          json.writeBooleanProperty("same", replayed.isSame());
        });
  }

  @Override
  public void end(ReplayRun run) {
    lines.write(
        json -> {
          var beginning = run.beginning();
          if (beginning != null) {
            json.writeStringProperty("torrent", beginning.metainfo().name());
            json.writeStringProperty(
                "info_hash", beginning.metainfo().infoHash().primary().toString());
            json.writeNumberProperty("pieces", beginning.have().pieceCount());
            json.writeNumberProperty("pieces_had", beginning.have().size());
          }
          json.writeNumberProperty("swarms", run.swarms());
          json.writeNumberProperty("steps", run.steps());
          json.writeNumberProperty("duration_s", run.seconds());
          json.writeNumberProperty("outputs", run.outputs());
          json.writeStringProperty("hash", run.hash());
          json.writeBooleanProperty("cut_off", run.isCutOff());
          json.writeBooleanProperty("same", run.isSame());
          if (!run.isSame()) {
            json.writeNumberProperty("first_difference", run.firstDifference());
          }
        });
  }
}
