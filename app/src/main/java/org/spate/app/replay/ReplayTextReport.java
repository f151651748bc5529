package org.spate.app.replay;

import java.io.PrintWriter;
import java.util.Locale;
import org.spate.app.console.Printable;
import org.spate.core.recording.Replay.Replayed;

/** A replay for people. */
public final class ReplayTextReport implements ReplayReport {
  private final PrintWriter out;

  public ReplayTextReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void step(Replayed replayed, double seconds) {
    var step = replayed.step();
    line("%8d  %12.6f  %s", step.number(), seconds, StepText.of(step.input()));
    replayed.outputs().forEach(output -> line("%26s%s", "", StepText.of(output)));
    if (!replayed.broke().isEmpty()) {
      line("%26sbroke: %s", "", replayed.broke());
    }
    if (!replayed.isSame()) {
      line(
          "%26sDIFFERENT: %d outputs were recorded%s",
          "", step.outputs(), step.broke().isEmpty() ? "" : ", and that it broke: " + step.broke());
    }
  }

  @Override
  public void end(ReplayRun run) {
    var beginning = run.beginning();
    if (beginning == null) {
      line("Nothing was recorded.");
      return;
    }
    var metainfo = beginning.metainfo();
    line("Torrent     %s", metainfo.name());
    line("Info hash   %s", metainfo.infoHash().primary());
    line(
        "Pieces      %d, of which %d were there",
        beginning.have().pieceCount(), beginning.have().size());
    line("Steps       %d in %.3f s", run.steps(), run.seconds());
    if (run.swarms() > 1) {
      line("Swarms      %d, one after the other", run.swarms());
    }
    line("Outputs     %d, hash %s", run.outputs(), run.hash());
    if (run.isCutOff()) {
      line("Cut off     in the middle of an entry, after step %d", run.steps());
    }
    line(
        "As recorded %s",
        run.isSame() ? "yes" : "no, step " + run.firstDifference() + " is the first that differs");
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
  private void line(String format, Object... arguments) {
    out.println(Printable.of(String.format(Locale.ROOT, format, arguments)));
  }
}
