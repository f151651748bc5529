package org.spate.engine.web;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.webseed.WebAnswer;
import org.spate.core.webseed.WebRange;
import org.spate.core.webseed.WebSeedPlan;
import org.spate.core.wire.PeerMessage;
import org.spate.engine.net.Loop;
import org.spate.engine.net.Throttle;

/**
 * A web server as one torrent sees it: takes requests like a peer, asks for those that lie in a row
 * together, over a few connections that are kept alive. On the torrent's loop.
 */
public final class WebSeed implements WebConnection.Owner {
  private static final int CONNECTIONS_MAX = 4;
  private static final int REDIRECTS_MAX = 5;
  private static final int REDIRECTS_KEPT_MAX = 1_000;

  /** Most bytes in one request: a longer piece is fetched over several connections. */
  private static final int FETCH_BYTES_MAX = 4 << 20;

  /** The torrent, or what stands for it. */
  public interface Owner {
    Loop loop();

    Throttle throttle();

    boolean isPressed();

    void delivered(PeerMessage.Piece block);

    /** Not now; {@code retryAfterSeconds} as the server has it, or -1. */
    void failed(String reason, int retryAfterSeconds);

    void gaveUp(String reason);
  }

  private final TrackerUrl url;
  private final WebSeedPlan plan;
  private final boolean isUsers;
  private final WebClient client;
  private final Owner owner;
  private final ArrayDeque<PeerMessage.Request> waiting = new ArrayDeque<>();
  private final List<WebConnection> connections = new ArrayList<>();
  private final Map<String, Moved> moved = new LinkedHashMap<>();
  private int dialling;
  private boolean isPumping;
  private boolean isClosed;

  /** Where a target is now, and who said so. */
  private record Moved(TrackerUrl url, WebPolicy policy, int hops) {}

  /**
   * @param isUsers whether the user has named it, and not a torrent
   * @throws IllegalArgumentException if nobody can be asked at the URL
   */
  public WebSeed(
      String url,
      WebSeedPlan.Style style,
      boolean isUsers,
      Metainfo metainfo,
      WebClient client,
      Owner owner) {
    this.url = TrackerUrl.parse(url);
    if (this.url.isUdp()) {
      throw new IllegalArgumentException("not a web server");
    }
    this.plan = new WebSeedPlan(metainfo, this.url.target(), style);
    this.isUsers = isUsers;
    this.client = client;
    this.owner = owner;
  }

  /** What the swarm says to it as to a peer; other than requests means nothing to a server. */
  public void send(PeerMessage message) {
    switch (message) {
      case PeerMessage.Request request -> {
        waiting.add(request);
        pumpSoon();
      }
      case PeerMessage.Cancel(int index, int begin, _) ->
          waiting.removeIf(request -> request.index() == index && request.begin() == begin);
      default -> {}
    }
  }

  /** Requests come one by one; together they make long ranges. */
  private void pumpSoon() {
    if (!isPumping) {
      isPumping = true;
      owner.loop().execute(this::pump);
    }
  }

  private void pump() {
    isPumping = false;
    while (!isClosed && !waiting.isEmpty() && hasRoom()) {
      begin(nextFetch());
    }
  }

  private boolean hasRoom() {
    return connections.size() + dialling < CONNECTIONS_MAX || idle(url) != null;
  }

  private @Nullable WebConnection idle(TrackerUrl origin) {
    for (var connection : connections) {
      if (connection.isIdle() && isSameOrigin(connection.origin(), origin)) {
        return connection;
      }
    }
    return null;
  }

  private static boolean isSameOrigin(TrackerUrl one, TrackerUrl other) {
    return one.scheme().equals(other.scheme())
        && one.host().equals(other.host())
        && one.port() == other.port();
  }

  /** The blocks at the head of the line that lie behind each other in one piece. */
  private WebFetch nextFetch() {
    var blocks = new ArrayList<PeerMessage.Request>();
    var first = waiting.remove();
    blocks.add(first);
    int end = first.begin() + first.length();
    for (var next = waiting.peek();
        next != null
            && next.index() == first.index()
            && next.begin() == end
            && end - first.begin() < FETCH_BYTES_MAX;
        next = waiting.peek()) {
      blocks.add(waiting.remove());
      end += next.length();
    }
    return fetch(blocks);
  }

  private WebFetch fetch(List<PeerMessage.Request> blocks) {
    var first = blocks.getFirst();
    int end = blocks.getLast().begin() + blocks.getLast().length();
    var ranges = plan.ranges(first.index(), first.begin(), end - first.begin());
    return new WebFetch(blocks, ranges, PooledByteBufAllocator.DEFAULT, owner::delivered);
  }

  private void begin(WebFetch fetch) {
    var range = fetch.next();
    if (range == null) {
      return; // nothing but padding
    }
    var known = moved.get(String.valueOf(range.target()));
    var policy = new WebPolicy(isUsers, client.trustsLocal(), false);
    go(fetch, range, known == null ? new Moved(url, policy, 0) : known);
  }

  private void go(WebFetch fetch, WebRange range, Moved to) {
    var asked = to.hops == 0 ? range : new WebRange(to.url.target(), range.from(), range.length());
    var idle = idle(to.url);
    if (idle != null) {
      idle.fetch(fetch, asked);
      return;
    }
    dialling++;
    client.connect(
        to.url,
        to.policy,
        owner.loop(),
        this,
        new WebClient.Outcome() {
          @Override
          public void connected(WebConnection connection) {
            dialling--;
            if (isClosed) {
              connection.close();
              fetch.abandon();
            } else {
              connections.add(connection);
              connection.fetch(fetch, asked);
            }
          }

          @Override
          public void failed(String reason, boolean isFinal) {
            dialling--;
            fail(fetch, isFinal ? new WebAnswer.Never(reason) : new WebAnswer.Later(reason, -1));
          }
        });
  }

  @Override
  public void redirected(
      WebConnection connection, WebFetch fetch, WebRange range, String location) {
    connections.remove(connection);
    var asked = String.valueOf(range.target());
    var before = moved.get(asked);
    var policy =
        before == null ? new WebPolicy(isUsers, client.trustsLocal(), false) : before.policy;
    int hops = before == null ? 1 : before.hops + 1;
    try {
      var next = follow(connection.origin(), asked, location);
      if (hops > REDIRECTS_MAX || moved.size() >= REDIRECTS_KEPT_MAX) {
        throw new IllegalArgumentException("redirects without end");
      }
      var to = new Moved(next, policy.behind(connection.address()), hops);
      moved.put(asked, to);
      moved.put(next.target(), to);
      go(fetch, range, to);
    } catch (IllegalArgumentException e) {
      fail(fetch, new WebAnswer.Never(String.valueOf(e.getMessage())));
    }
  }

  /** The URL that a {@code Location} means, seen from the one that was asked. */
  private static TrackerUrl follow(TrackerUrl from, String asked, String location) {
    if (location.contains("://")) {
      var next = TrackerUrl.parse(location);
      if (next.isUdp() || (from.scheme().equals("https") && !next.scheme().equals("https"))) {
        throw new IllegalArgumentException("redirects to " + next.scheme());
      }
      return new TrackerUrl(
          next.scheme(), next.host(), next.port(), next.target().isEmpty() ? "/" : next.target());
    }
    if (location.startsWith("//")) {
      return follow(from, asked, from.scheme() + ":" + location);
    }
    var folder = asked.substring(0, asked.replaceFirst("\\?.*", "").lastIndexOf('/') + 1);
    var target = location.startsWith("/") ? location : folder + location;
    return new TrackerUrl(from.scheme(), from.host(), from.port(), target);
  }

  @Override
  public void fetched(WebConnection connection) {
    if (!connection.isIdle()) {
      connections.remove(connection);
    }
    pumpSoon();
  }

  @Override
  public void failed(WebConnection connection, WebFetch fetch, WebAnswer answer) {
    connections.remove(connection);
    fail(fetch, answer);
  }

  @Override
  public void expired(WebConnection connection, @Nullable WebFetch fetch) {
    connections.remove(connection);
    if (fetch != null) {
      var left = fetch.abandon();
      for (int i = left.size() - 1; i >= 0; i--) {
        waiting.addFirst(left.get(i));
      }
    }
    pumpSoon();
  }

  private void fail(WebFetch fetch, WebAnswer answer) {
    fetch.abandon();
    if (isClosed) {
      return;
    }
    waiting.clear();
    switch (answer) {
      case WebAnswer.Later(var reason, int retry) -> owner.failed(reason, retry);
      case WebAnswer.Never(var reason) -> owner.gaveUp(reason);
      case WebAnswer.Bytes _, WebAnswer.Redirect _ -> throw new IllegalStateException("no failure");
    }
  }

  @Override
  public Throttle throttle() {
    return owner.throttle();
  }

  @Override
  public boolean isHeld() {
    return owner.isPressed();
  }

  @Override
  public String userAgent() {
    return client.userAgent();
  }

  /** Ends all connections; the owner hears nothing more. */
  public void close() {
    isClosed = true;
    waiting.clear();
    List.copyOf(connections).forEach(WebConnection::close);
    connections.clear();
  }
}
