package org.spate.core.dht;

import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The second half of a lookup that stores: asks each of the closest nodes to take something, with
 * the token that it gave out, and waits for all of them.
 */
final class Storing implements Transactions.Asker {
  private final Findings findings;
  private final LongConsumer whenDone;
  private int open = 1;

  private Storing(Findings findings, LongConsumer whenDone) {
    this.findings = findings;
    this.whenDone = whenDone;
  }

  /**
   * @param query what to ask a node, or null if it is not to store anything
   * @param whenDone is told the time once all have answered or failed
   */
  static void begin(
      Lookup.Port port,
      List<Lookup.Answer> answers,
      Function<Lookup.Answer, @Nullable Query> query,
      Findings findings,
      LongConsumer whenDone,
      long nowNanos) {
    var storing = new Storing(findings, whenDone);
    for (var answer : answers) {
      var question = answer.token() == null ? null : query.apply(answer);
      var node = answer.node();
      if (question != null && port.ask(node.endpoint(), node.id(), question, storing, nowNanos)) {
        storing.open++;
      }
    }
    storing.close(nowNanos);
  }

  @Override
  public void onReply(NodeInfo from, Reply reply, long nowNanos) {
    findings.stored++;
    close(nowNanos);
  }

  @Override
  public void onRefusal(int code, long nowNanos) {
    findings.refusal = code;
    close(nowNanos);
  }

  @Override
  public void onFailure(long nowNanos) {
    close(nowNanos);
  }

  private void close(long nowNanos) {
    if (--open == 0) {
      whenDone.accept(nowNanos);
    }
  }
}
