package org.spate.core.tracker;

import java.nio.charset.StandardCharsets;
import org.spate.core.Endpoint;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.HttpResponseWriter;
import org.spate.core.announce.HttpTrackerRequest;
import org.spate.core.announce.ScrapeReply;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.TrackerResponse;

/**
 * The tracker's side of HTTP (BEP 3, 48), target by target. What a tracker refuses is a bencoded
 * failure with status 200, since many clients show the reason only then.
 */
public final class HttpResponder {
  private static final String BENCODE = "text/plain";
  private static final String PLAIN = "text/plain; charset=utf-8";

  private final TrackerLogic logic;
  private final TrackerPolicy policy;

  public HttpResponder(TrackerLogic logic, TrackerPolicy policy) {
    this.logic = logic;
    this.policy = policy;
  }

  /**
   * The answer to a GET.
   *
   * @param target path and query as they stood in the request
   */
  public HttpAnswer answer(String target, Endpoint source, long nowNanos) {
    int mark = target.indexOf('?');
    var query = mark < 0 ? "" : target.substring(mark + 1);
    return switch (mark < 0 ? target : target.substring(0, mark)) {
      case "/announce" -> respond(HttpTrackerRequest.announce(query), source, nowNanos);
      case "/scrape" -> respond(HttpTrackerRequest.scrape(query), source, nowNanos);
      case "/stats" -> text("application/json", logic.statistics(nowNanos).json());
      case "/metrics" ->
          text("text/plain; version=0.0.4; charset=utf-8", logic.statistics(nowNanos).prometheus());
      default -> {
        logic.counters().add(Count.REFUSED_HTTP_NOT_FOUND);
        yield new HttpAnswer(404, PLAIN, "not found\n".getBytes(StandardCharsets.UTF_8));
      }
    };
  }

  private static HttpAnswer text(String contentType, String text) {
    return new HttpAnswer(200, contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  private HttpAnswer respond(HttpTrackerRequest request, Endpoint source, long nowNanos) {
    var body =
        switch (request) {
          case HttpTrackerRequest.Announce announce -> announce(announce, source, nowNanos);
          case HttpTrackerRequest.Scrape scrape -> {
            logic.counters().add(Count.HTTP_SCRAPES);
            yield HttpResponseWriter.scrape(logic.scrape(scrape.infoHashes()));
          }
          case HttpTrackerRequest.Malformed malformed -> {
            logic.counters().add(Count.REFUSED_HTTP_MALFORMED);
            yield HttpResponseWriter.failure(TrackerFailure.of(malformed.reason()));
          }
        };
    return new HttpAnswer(200, BENCODE, body);
  }

  private byte[] announce(HttpTrackerRequest.Announce announce, Endpoint source, long nowNanos) {
    logic.counters().add(Count.HTTP_ANNOUNCES);
    boolean withPeerIds = !announce.compact() && announce.withPeerIds();
    TrackerResponse response =
        logic.announce(
            announce.request(), source, Families.BOTH, policy.numwantMax(), withPeerIds, nowNanos);
    return switch (response) {
      case AnnounceReply reply ->
          announce.compact() ? HttpResponseWriter.compact(reply) : HttpResponseWriter.full(reply);
      case TrackerFailure failure -> HttpResponseWriter.failure(failure);
      case ScrapeReply _ -> throw new AssertionError("an announce was answered with a scrape");
    };
  }
}
