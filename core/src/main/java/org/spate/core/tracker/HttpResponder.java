package org.spate.core.tracker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.HttpResponseWriter;
import org.spate.core.announce.HttpTrackerRequest;
import org.spate.core.announce.ScrapeReply;
import org.spate.core.announce.SwarmCounts;
import org.spate.core.announce.TrackerFailure;

/**
 * The tracker's side of HTTP (BEP 3, 48), target by target. What a tracker refuses is a bencoded
 * failure with status 200, since many clients show the reason only then.
 */
public final class HttpResponder {
  private static final String BENCODE = "text/plain";
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** Where the numbers of a tracker come from. */
  public interface Statistics {
    /** Tells the taker, at once or later, on the thread that asked. */
    void ask(long nowNanos, Consumer<? super TrackerStatistics> taker);
  }

  private final TrackerLogic logic;
  private final Statistics statistics;
  private final PeerIds peerIds;
  private final Answer answer;
  private boolean offersFullScrape;

  /** The {@code secrets} draw what keeps strangers from aiming at one place in a table. */
  public HttpResponder(TrackerLogic logic, RandomGenerator secrets) {
    this(logic, secrets, (nowNanos, taker) -> taker.accept(logic.statistics(nowNanos)));
  }

  /** The same as one of several that share a tracker, of which {@code statistics} asks all. */
  public HttpResponder(TrackerLogic logic, RandomGenerator secrets, Statistics statistics) {
    this.logic = logic;
    this.statistics = statistics;
    peerIds = new PeerIds(secrets);
    answer = new Answer(logic.policy().numwantMax());
  }

  /** From now on who scrapes without an info-hash is told {@link HttpAnswer#FULL_SCRAPE}. */
  public void offerFullScrape() {
    offersFullScrape = true;
  }

  /**
   * Answers a GET: the taker is told once, before this returns unless the store answers later.
   *
   * @param target path and query as they stood in the request
   */
  public void answer(
      String target, Endpoint source, long nowNanos, Consumer<? super HttpAnswer> taker) {
    if (logic.isFlooding(source.high(), source.low(), nowNanos)) {
      taker.accept(failure(TrackerLogic.FLOOD));
      return;
    }
    int mark = target.indexOf('?');
    var query = mark < 0 ? "" : target.substring(mark + 1);
    var path = mark < 0 ? target : target.substring(0, mark);
    switch (page(path)) {
      case "/announce" ->
          respond(HttpTrackerRequest.announce(query), path, source, nowNanos, taker);
      case "/scrape" -> respond(HttpTrackerRequest.scrape(query), path, source, nowNanos, taker);
      case "/stats" ->
          statistics.ask(
              nowNanos, numbers -> taker.accept(text("application/json", numbers.json())));
      case "/metrics" ->
          statistics.ask(
              nowNanos,
              numbers ->
                  taker.accept(
                      text("text/plain; version=0.0.4; charset=utf-8", numbers.prometheus())));
      default -> {
        logic.counters().add(Count.REFUSED_HTTP_NOT_FOUND);
        taker.accept(new HttpAnswer(404, PLAIN, "not found\n".getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  /** The path without what only a tracker reads that does not let everybody in. */
  private String page(String path) {
    return logic.readsUrlData() && Passes.passOf(path) != null
        ? path.substring(path.lastIndexOf('/'))
        : path;
  }

  private static HttpAnswer text(String contentType, String text) {
    return new HttpAnswer(200, contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  private static HttpAnswer bencode(byte[] body) {
    return new HttpAnswer(200, BENCODE, body);
  }

  private static HttpAnswer failure(TrackerFailure failure) {
    return bencode(HttpResponseWriter.failure(failure));
  }

  private void respond(
      HttpTrackerRequest request,
      String path,
      Endpoint source,
      long nowNanos,
      Consumer<? super HttpAnswer> taker) {
    switch (request) {
      case HttpTrackerRequest.Announce announce ->
          announce(announce, path, source, nowNanos, taker);
      case HttpTrackerRequest.Scrape scrape -> scrape(scrape, path, nowNanos, taker);
      case HttpTrackerRequest.FullScrape _ -> taker.accept(fullScrape(path));
      case HttpTrackerRequest.Malformed malformed -> {
        logic.counters().add(Count.REFUSED_HTTP_MALFORMED);
        taker.accept(failure(TrackerFailure.of(malformed.reason())));
      }
    }
  }

  private void announce(
      HttpTrackerRequest.Announce announce,
      String path,
      Endpoint source,
      long nowNanos,
      Consumer<? super HttpAnswer> taker) {
    logic.counters().add(Count.HTTP_ANNOUNCES);
    var announcement = Announcement.of(announce.request(), source, Families.BOTH).by(path);
    var refusal = logic.refusal(announcement, answer.peerCountMax());
    if (refusal != null) {
      taker.accept(failure(refusal));
      return;
    }
    var request = announce.request();
    peerIds.remember(request.infoHash(), announcement.peer(), request.peerId());
    var later = logic.announce(announcement, answer, nowNanos);
    if (later == null) {
      taker.accept(bencode(body(announce, answer, source)));
      return;
    }
    later.whenKnown(
        known -> {
          logic.count(known);
          taker.accept(bencode(body(announce, known, source)));
        });
  }

  private byte[] body(HttpTrackerRequest.Announce announce, Answer known, Endpoint source) {
    if (!known.listing.isAnswered()) {
      return HttpResponseWriter.failure(TrackerLogic.NO_STORE);
    }
    if (announce.compact()) {
      return HttpResponseWriter.compact(
          logic.replyWithoutPeers(known, source),
          Arrays.copyOf(known.v4(), known.v4Length()),
          Arrays.copyOf(known.v6(), known.v6Length()));
    }
    var ids =
        announce.withPeerIds()
            ? ids(announce.request().infoHash(), known.peers())
            : List.<PeerId>of();
    return HttpResponseWriter.full(logic.reply(known, ids, source));
  }

  /** All of them or none. */
  private List<PeerId> ids(Hash160 infoHash, List<Endpoint> peers) {
    var ids = new ArrayList<PeerId>(peers.size());
    for (var peer : peers) {
      var id = peerIds.find(infoHash, peer);
      if (id == null) {
        return List.of();
      }
      ids.add(id);
    }
    return ids;
  }

  private void scrape(
      HttpTrackerRequest.Scrape request,
      String path,
      long nowNanos,
      Consumer<? super HttpAnswer> taker) {
    logic.counters().add(Count.HTTP_SCRAPES);
    var scrape = new Scrape(request.infoHashes().size());
    request.infoHashes().forEach(scrape::add);
    var refusal = logic.refusal(scrape, path);
    if (refusal != null) {
      taker.accept(failure(refusal));
      return;
    }
    var later = logic.scrape(scrape, nowNanos);
    if (later == null) {
      taker.accept(bencode(body(scrape)));
    } else {
      later.whenKnown(
          known -> {
            logic.count(known);
            taker.accept(bencode(body(known)));
          });
    }
  }

  private HttpAnswer fullScrape(String path) {
    if (!offersFullScrape) {
      logic.counters().add(Count.REFUSED_HTTP_MALFORMED);
      return failure(NO_FULL_SCRAPE);
    }
    logic.counters().add(Count.HTTP_FULL_SCRAPES);
    var refusal = logic.refusalOfFullScrape(path);
    return refusal == null ? HttpAnswer.FULL_SCRAPE : failure(refusal);
  }

  private static final TrackerFailure NO_FULL_SCRAPE =
      TrackerFailure.of("full scrapes are not offered: name an info_hash");

  private static byte[] body(Scrape known) {
    if (known.hasFailed()) {
      return HttpResponseWriter.failure(TrackerLogic.NO_STORE);
    }
    var swarms = new LinkedHashMap<Hash160, SwarmCounts>();
    for (int i = 0; i < known.size(); i++) {
      swarms.put(known.infoHash(i), known.counts(i));
    }
    return HttpResponseWriter.scrape(new ScrapeReply(swarms));
  }

  /** The same for a store that answers at once. */
  public HttpAnswer answer(String target, Endpoint source, long nowNanos) {
    var taken = new ArrayList<HttpAnswer>(1);
    answer(target, source, nowNanos, taken::add);
    return taken.getFirst();
  }
}
