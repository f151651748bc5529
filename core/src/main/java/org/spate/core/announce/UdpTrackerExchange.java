package org.spate.core.announce;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Machine;

/**
 * The client's side of BEP 15 with one address of one tracker: obtains a connection id, uses it for
 * a minute for all requests of all torrents, and sends again after 15 * 2^n seconds what was not
 * answered. Datagrams and the time go in, datagrams and answers come out.
 *
 * <p>While there is no connection id, requests wait together for the same connect; each time it is
 * sent counts as an attempt of every one of them.
 */
public final class UdpTrackerExchange {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long CONNECTION_NANOS = 60 * SECOND_NANOS;
  private static final long FIRST_WAIT_SECONDS = 15;
  private static final int DOUBLINGS_MAX = 8;

  /** More requests than these at a time are refused. */
  public static final int PENDING_COUNT_MAX = 10_000;

  /** After this an unanswered request is given up; far less than BEP 15 has patience for. */
  public static final long TIMEOUT_NANOS = 60 * SECOND_NANOS;

  private final long timeoutNanos;
  private final RandomGenerator random;
  private final Map<Integer, Pending> pending = new LinkedHashMap<>();
  private final Queue<UdpExchangeOutput> outputs = new ArrayDeque<>();

  private int nextTicket;
  private long connectionId;
  private long connectionEndNanos;
  private boolean connected;
  private boolean connecting;
  private int connectTransactionId;
  private long connectDueNanos;
  private long deadlineNanos = Machine.NEVER;

  /**
   * @param timeoutNanos when a request is given up
   * @param random must be unpredictable on a real network: transaction ids are all that keeps
   *     strangers from answering in the tracker's place
   */
  public UdpTrackerExchange(long timeoutNanos, RandomGenerator random) {
    this.timeoutNanos = timeoutNanos;
    this.random = random;
  }

  /** One request on its way, as the packet that carries it. */
  private static final class Pending {
    final int ticket;
    final UdpRequest request;
    final long endNanos;
    int attempts;
    boolean sent;
    boolean mayReconnect;
    long dueNanos;

    Pending(int ticket, UdpRequest request, long endNanos) {
      this.ticket = ticket;
      this.request = request;
      this.endNanos = endNanos;
    }
  }

  /**
   * Begins an announce; returns the ticket its answer will carry.
   *
   * @param urlData path and query of the tracker's URL (BEP 41), may be empty
   */
  public int announce(AnnounceRequest request, String urlData, long nowNanos) {
    return begin(new UdpRequest.Announce(0, newTransactionId(), request, urlData), nowNanos);
  }

  /** Begins a scrape of at most {@link UdpRequest#SCRAPE_COUNT_MAX} swarms. */
  public int scrape(List<Hash160> infoHashes, long nowNanos) {
    return begin(new UdpRequest.Scrape(0, newTransactionId(), infoHashes), nowNanos);
  }

  private int begin(UdpRequest request, long nowNanos) {
    int ticket = nextTicket++;
    if (pending.size() == PENDING_COUNT_MAX) {
      var failure = TrackerFailure.of("too many requests to one tracker");
      outputs.add(new UdpExchangeOutput.Answered(ticket, failure));
      return ticket;
    }
    var entry = new Pending(ticket, request, nowNanos + timeoutNanos);
    entry.mayReconnect = connected;
    pending.put(request.transactionId(), entry);
    schedule(entry.endNanos);
    send(entry, nowNanos);
    return ticket;
  }

  private int newTransactionId() {
    int id = random.nextInt();
    while (pending.containsKey(id)) {
      id = random.nextInt();
    }
    return id;
  }

  /**
   * Takes the first {@code length} bytes that came from the tracker's address.
   *
   * @param v6 whether that is one of IPv6, which decides the form of the answer
   */
  public void received(byte[] packet, int length, boolean v6, long nowNanos) {
    var response = UdpResponse.decode(packet, length, v6);
    if (response == null) {
      return;
    }
    if (connecting && response.transactionId() == connectTransactionId) {
      onConnectAnswer(response, nowNanos);
      return;
    }
    var entry = pending.get(response.transactionId());
    if (entry == null || !entry.sent) {
      return;
    }
    switch (response) {
      case UdpResponse.Announced announced when entry.request instanceof UdpRequest.Announce ->
          answer(entry, announced.reply());
      case UdpResponse.Scraped scraped when entry.request instanceof UdpRequest.Scrape scrape ->
          answer(entry, scrapeReply(scrape.infoHashes(), scraped.swarms()));
      case UdpResponse.Refused refused -> onRefused(entry, refused.message(), nowNanos);
      case UdpResponse.Announced _, UdpResponse.Scraped _, UdpResponse.Connected _ -> {}
    }
  }

  private static ScrapeReply scrapeReply(List<Hash160> infoHashes, List<SwarmCounts> counts) {
    var swarms = new LinkedHashMap<Hash160, SwarmCounts>();
    for (int i = 0; i < Math.min(infoHashes.size(), counts.size()); i++) {
      swarms.put(infoHashes.get(i), counts.get(i));
    }
    return new ScrapeReply(swarms);
  }

  private void onConnectAnswer(UdpResponse response, long nowNanos) {
    if (response instanceof UdpResponse.Connected answer) {
      connecting = false;
      connected = true;
      connectionId = answer.connectionId();
      connectionEndNanos = nowNanos + CONNECTION_NANOS;
      for (var entry : pending.values()) {
        if (!entry.sent) {
          entry.attempts = 0;
          send(entry, nowNanos);
        }
      }
    } else if (response instanceof UdpResponse.Refused refused) {
      connecting = false;
      failAll(refused.message());
    }
  }

  private void failAll(String reason) {
    for (var entry : List.copyOf(pending.values())) {
      if (!entry.sent) {
        answer(entry, TrackerFailure.of(reason));
      }
    }
  }

  /** A restarted tracker refuses the ids it gave out before: one more try if ours was not new. */
  private void onRefused(Pending entry, String message, long nowNanos) {
    if (!entry.mayReconnect) {
      answer(entry, TrackerFailure.of(message));
      return;
    }
    entry.mayReconnect = false;
    connected = false;
    send(entry, nowNanos);
  }

  private void answer(Pending entry, TrackerResponse response) {
    pending.remove(entry.request.transactionId());
    outputs.add(new UdpExchangeOutput.Answered(entry.ticket, response));
  }

  /** Sends a request, or makes it wait for a connection id. */
  private void send(Pending entry, long nowNanos) {
    if (!connected || connectionEndNanos - nowNanos <= 0) {
      connected = false;
      entry.sent = false;
      if (!connecting) {
        connect(nowNanos);
      }
      return;
    }
    entry.sent = true;
    entry.dueNanos = nowNanos + waitNanos(entry.attempts++);
    schedule(entry.dueNanos);
    outputs.add(new UdpExchangeOutput.SendDatagram(withConnection(entry.request).encode()));
  }

  private UdpRequest withConnection(UdpRequest request) {
    return switch (request) {
      case UdpRequest.Announce(_, int id, AnnounceRequest announce, String urlData) ->
          new UdpRequest.Announce(connectionId, id, announce, urlData);
      case UdpRequest.Scrape(_, int id, List<Hash160> infoHashes) ->
          new UdpRequest.Scrape(connectionId, id, infoHashes);
      case UdpRequest.Connect connect -> connect;
    };
  }

  private void connect(long nowNanos) {
    int attempts = 0;
    for (var entry : pending.values()) {
      if (!entry.sent) {
        attempts = Math.max(attempts, entry.attempts++);
      }
    }
    connecting = true;
    connectTransactionId = newTransactionId();
    connectDueNanos = nowNanos + waitNanos(attempts);
    schedule(connectDueNanos);
    var request = new UdpRequest.Connect(connectTransactionId);
    outputs.add(new UdpExchangeOutput.SendDatagram(request.encode()));
  }

  private static long waitNanos(int attempts) {
    return (FIRST_WAIT_SECONDS << Math.min(attempts, DOUBLINGS_MAX)) * SECOND_NANOS;
  }

  /** The deadline has come, or passed. */
  public void advance(long nowNanos) {
    if (deadlineNanos - nowNanos > 0) {
      return;
    }
    var overdue = new ArrayList<Pending>();
    for (var entry : List.copyOf(pending.values())) {
      if (entry.endNanos - nowNanos <= 0) {
        answer(entry, TrackerFailure.of("no answer"));
      } else if (entry.sent && entry.dueNanos - nowNanos <= 0) {
        overdue.add(entry);
      }
    }
    connecting &= !pending.isEmpty();
    overdue.forEach(entry -> send(entry, nowNanos));
    if (connecting && connectDueNanos - nowNanos <= 0) {
      connect(nowNanos);
    }
    reschedule();
  }

  private void reschedule() {
    deadlineNanos = connecting ? connectDueNanos : Machine.NEVER;
    for (var entry : pending.values()) {
      schedule(entry.sent ? Math.min(entry.dueNanos, entry.endNanos) : entry.endNanos);
    }
  }

  private void schedule(long atNanos) {
    deadlineNanos = Math.min(deadlineNanos, atNanos);
  }

  /** What to do next, or null; drain to null after every call. */
  public @Nullable UdpExchangeOutput poll() {
    return outputs.poll();
  }

  /** When to call {@link #advance} next; answers may make it earlier than need be. */
  public long deadlineNanos() {
    return deadlineNanos;
  }
}
