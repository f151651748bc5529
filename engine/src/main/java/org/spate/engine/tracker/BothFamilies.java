package org.spate.engine.tracker;

import java.util.function.Consumer;
import org.spate.core.announce.FamilyAnswers;
import org.spate.core.announce.TrackerResponse;
import org.spate.engine.net.Deadline;
import org.spate.engine.net.Loop;

/** Hears the answers of a tracker over IPv4 and IPv6 (BEP 7) and passes them on as one. */
final class BothFamilies implements Consumer<TrackerResponse> {
  private final FamilyAnswers answers;
  private final Consumer<TrackerResponse> asker;
  private final Deadline deadline;
  private boolean isDone;

  BothFamilies(int families, Loop loop, Consumer<TrackerResponse> asker) {
    this.answers = new FamilyAnswers(families);
    this.asker = asker;
    this.deadline = loop.deadline(this::tell);
  }

  @Override
  public void accept(TrackerResponse response) {
    if (!isDone) {
      long now = Loop.nowNanos();
      answers.answered(response, now);
      deadline.set(answers.deadlineNanos(), now);
      tell();
    }
  }

  private void tell() {
    var answer = answers.answer(Loop.nowNanos());
    if (answer != null && !isDone) {
      isDone = true;
      deadline.cancel();
      asker.accept(answer);
    }
  }
}
