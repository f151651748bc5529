package org.spate.core.utp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Machine;
import org.spate.core.wire.Payload;

/**
 * All connections of one UDP socket. Every call may leave outputs, to be polled; those that are due
 * "now", such as answers to what was received, leave with {@link #advance}, which the host calls
 * once for a whole batch of datagrams.
 *
 * <p>Who says that it is somebody else gains nothing here (threat 34): nobody gets more bytes than
 * came in his name before he has repeated a number that only he was told.
 */
public final class UtpSocket {
  private static final int ID_RANGE = 1 << 16;
  private static final int ID_TRIES = 16;

  private record Key(Endpoint remote, int receiveId) {}

  /** A connection is to be looked at; out of date if its own timer says otherwise. */
  private record Timer(Connection connection, long dueNanos) {}

  private final UtpSettings settings;
  private final RandomGenerator random;
  private final ArrayDeque<UtpOutput> out = new ArrayDeque<>();
  private final Map<Key, Connection> byKey = new LinkedHashMap<>();
  private final Map<Integer, Connection> byNumber = new LinkedHashMap<>();
  private final Map<Key, Connection> halfOpen = new LinkedHashMap<>();
  private final ArrayDeque<Connection> waiting = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((a, b) -> Long.compare(a.dueNanos, b.dueNanos));
  private boolean isHeld;
  private int nextNumber;

  public UtpSocket(UtpSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  /**
   * Asks for a connection; answered by {@code Connected} or {@code Closed}.
   *
   * @return its number, or -1 if there are too many
   */
  public int connect(Endpoint remote, long nowNanos) {
    var key = freeKey(remote);
    if (key == null || byKey.size() >= settings.connectionsMax()) {
      return -1;
    }
    var connection =
        Connection.outgoing(
            nextNumber++,
            remote,
            key.receiveId,
            random.nextInt(ID_RANGE),
            receiveWindow(),
            out,
            nowNanos);
    add(key, connection);
    return connection.number;
  }

  private @Nullable Key freeKey(Endpoint remote) {
    for (int i = 0; i < ID_TRIES; i++) {
      var key = new Key(remote, random.nextInt(ID_RANGE));
      if (!byKey.containsKey(key)) {
        return key;
      }
    }
    return null;
  }

  private ReceiveWindow receiveWindow() {
    return new ReceiveWindow(settings.receiveBufferBytes() / (1 + byKey.size() - halfOpen.size()));
  }

  private void add(Key key, Connection connection) {
    byKey.put(key, connection);
    byNumber.put(connection.number, connection);
    await(connection);
  }

  /** Whether a connection is known under this number. */
  public boolean has(int number) {
    return byNumber.containsKey(number);
  }

  public int connections() {
    return byKey.size();
  }

  /** So many bytes more are there to be sent. */
  public void write(int number, int bytes) {
    var connection = byNumber.get(number);
    if (connection != null) {
      connection.write(bytes);
      await(connection);
    }
  }

  /** The reader has taken so many bytes of what was delivered. */
  public void read(int number, int bytes, long nowNanos) {
    var connection = byNumber.get(number);
    if (connection != null) {
      connection.read(bytes, nowNanos);
      await(connection);
    }
  }

  /** Nothing more will be written, nor read; {@code Closed} follows when all has arrived. */
  public void shut(int number, long nowNanos) {
    var connection = byNumber.get(number);
    if (connection != null) {
      connection.shut(nowNanos);
      await(connection);
    }
  }

  /** Ends a connection at once. */
  public void abort(int number, long nowNanos) {
    var connection = byNumber.get(number);
    if (connection != null) {
      connection.abort(nowNanos);
      forgetIfClosed(connection);
    }
  }

  /** The socket takes nothing more for now, or does again: nothing leaves meanwhile. */
  public void hold(boolean hold) {
    isHeld = hold;
  }

  /** A datagram has come; takes over the payload. */
  public void received(Endpoint remote, UtpPacket header, Payload payload, long nowNanos) {
    var connection = find(remote, header);
    if (connection == null) {
      payload.release();
      greet(remote, header, nowNanos);
      return;
    }
    boolean wasUnproven = connection.isUnproven();
    connection.accept(header, payload, nowNanos);
    if (wasUnproven && !connection.isUnproven()) {
      halfOpen.remove(new Key(remote, connection.receiveId));
    }
    if (!forgetIfClosed(connection)) {
      await(connection);
    }
  }

  private @Nullable Connection find(Endpoint remote, UtpPacket header) {
    int id = header.connectionId();
    return switch (header.type()) {
      // The id of a SYN is the one that its sender receives by.
      case SYN -> byKey.get(new Key(remote, Sequence.plus(id, 1)));
      case RESET -> findReset(remote, id);
      case DATA, FIN, STATE -> byKey.get(new Key(remote, id));
    };
  }

  /** A reset may repeat the id that we send by: ours is then one less, or one more. */
  private @Nullable Connection findReset(Endpoint remote, int id) {
    for (int step = -1; step <= 1; step++) {
      var connection = byKey.get(new Key(remote, Sequence.plus(id, step)));
      if (connection != null && connection.isNamedBy(id)) {
        return connection;
      }
    }
    return null;
  }

  private void greet(Endpoint remote, UtpPacket header, long nowNanos) {
    switch (header.type()) {
      case SYN -> {
        makeRoom();
        if (byKey.size() >= settings.connectionsMax()) {
          refuse(remote, header, nowNanos);
        } else {
          answer(remote, header, nowNanos);
        }
      }
      case DATA, FIN, STATE -> refuse(remote, header, nowNanos);
      case RESET -> {} // or two who do not know each other would go on for ever
    }
  }

  private void makeRoom() {
    if (halfOpen.size() >= settings.halfOpenMax()) {
      var oldest = halfOpen.values().iterator().next();
      oldest.abort(0);
      forgetIfClosed(oldest);
    }
  }

  private void answer(Endpoint remote, UtpPacket syn, long nowNanos) {
    int first = random.nextInt(ID_RANGE);
    var connection =
        Connection.incoming(nextNumber++, remote, syn, first, receiveWindow(), out, nowNanos);
    var key = new Key(remote, connection.receiveId);
    halfOpen.put(key, connection);
    add(key, connection);
  }

  private void refuse(Endpoint remote, UtpPacket header, long nowNanos) {
    var reset =
        new UtpPacket(
            PacketType.RESET,
            header.connectionId(),
            Connection.micros(nowNanos),
            0,
            0,
            random.nextInt(ID_RANGE),
            header.sequence(),
            null,
            0);
    out.add(new UtpOutput.Transmit(remote, reset, -1, 0, 0));
  }

  private void await(Connection connection) {
    if (!connection.isWaiting) {
      connection.isWaiting = true;
      waiting.add(connection);
    }
  }

  private boolean forgetIfClosed(Connection connection) {
    if (!connection.isClosed()) {
      return false;
    }
    var key = new Key(connection.remote, connection.receiveId);
    byKey.remove(key, connection);
    halfOpen.remove(key, connection);
    byNumber.remove(connection.number);
    return true;
  }

  /** Does what is due now. */
  public void advance(long nowNanos) {
    for (var timer = timers.peek();
        timer != null && timer.dueNanos - nowNanos <= 0;
        timer = timers.peek()) {
      timers.poll();
      if (timer.connection.timerNanos == timer.dueNanos) {
        timer.connection.timerNanos = Machine.NEVER;
        await(timer.connection);
      }
    }
    if (isHeld) {
      return;
    }
    for (int left = waiting.size(); left > 0; left--) {
      var connection = waiting.remove();
      connection.isWaiting = false;
      connection.work(nowNanos);
      if (!forgetIfClosed(connection)) {
        schedule(connection);
      }
    }
  }

  private void schedule(Connection connection) {
    long due = connection.deadlineNanos();
    if (due < connection.timerNanos) {
      connection.timerNanos = due;
      timers.add(new Timer(connection, due));
    }
  }

  /** The next output, or null. */
  public @Nullable UtpOutput poll() {
    return out.poll();
  }

  /** When to {@link #advance} next: at once if anything waits. */
  public long deadlineNanos() {
    if (!waiting.isEmpty() && !isHeld) {
      return 0;
    }
    return timers.isEmpty() ? Machine.NEVER : timers.peek().dueNanos;
  }

  /** Ends every connection without a word more than a reset. */
  public void close(long nowNanos) {
    for (var connection : new ArrayList<>(byKey.values())) {
      connection.abort(nowNanos);
      forgetIfClosed(connection);
    }
  }
}
