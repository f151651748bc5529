package org.spate.engine.dht;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.dht.Dht;
import org.spate.core.dht.DhtInput;
import org.spate.core.dht.DhtOutput;
import org.spate.core.dht.DhtSettings;
import org.spate.core.dht.DhtState;
import org.spate.core.dht.DhtStatus;
import org.spate.engine.net.Deadline;
import org.spate.engine.net.Loop;
import org.spate.engine.net.UdpPort;
import org.spate.engine.storage.SavedDht;

/**
 * Runs the {@link Dht} of a session on the loop of its UDP port. It begins when there is something
 * to announce or to look for, not before: a session of private torrents never sends a datagram of
 * it. Safe for any thread; answers come on the port's loop.
 */
public final class DhtService {
  private static final Logger LOG = LoggerFactory.getLogger(DhtService.class);
  private static final int V4 = 0;
  private static final int V6 = 1;

  /** How long the nodes of an earlier run have before routers are asked. */
  private static final long SAVED_NODES_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long ROUTERS_RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long SAVE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final UdpPort port;
  private final Loop loop;
  private final DhtSettings settings;
  private final Routers routers;
  private final Introductions introductions;
  private final @Nullable SavedDht store;
  private final RandomGenerator random;
  private final Map<Hash160, Consumer<List<Endpoint>>> announced = new HashMap<>();
  private final Map<Long, Consumer<DhtOutput>> asked = new HashMap<>();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private final Deadline deadline;
  private final Deadline routersDeadline;
  private final Deadline saveDeadline;
  private DhtState saved = DhtState.EMPTY;
  private @Nullable Dht dht;
  private long nextTicket;
  private boolean isBusy;
  private boolean isOver;

  /**
   * @param routers whom to join by if no node of an earlier run answers
   * @param store where the state is kept from one run to the next, or null
   * @param random unpredictable
   */
  public DhtService(
      UdpPort port,
      DhtSettings settings,
      Routers routers,
      @Nullable SavedDht store,
      RandomGenerator random) {
    this.port = port;
    this.loop = port.loop();
    this.settings = settings;
    this.routers = routers;
    this.introductions = new Introductions(port, random);
    this.store = store;
    this.random = random;
    this.deadline = loop.deadline(this::advance);
    this.routersDeadline = loop.deadline(this::askRouters);
    this.saveDeadline = loop.deadline(this::saveAndGoOn);
  }

  /** Reads what an earlier run left; the UDP port has to be open. */
  public void open() {
    saved = store == null ? DhtState.EMPTY : store.load();
    port.onDht(new Receiver());
  }

  /** Where the DHT is reached by UDP; 0 if it is not. */
  public int port() {
    return port.number();
  }

  // What torrents want

  /**
   * Announces a peer under a hash, and finds others, until {@link #withdraw}.
   *
   * @param tcpPort where we take links
   */
  public void announce(
      Hash160 infoHash, int tcpPort, boolean isSeed, Consumer<List<Endpoint>> onPeers) {
    post(
        () -> {
          announced.put(infoHash, onPeers);
          accept(new DhtInput.Announce(infoHash, tcpPort, isSeed));
        });
  }

  public void withdraw(Hash160 infoHash) {
    loop.execute(
        () -> {
          announced.remove(infoHash);
          if (dht != null) {
            accept(new DhtInput.Withdraw(infoHash));
          }
        });
  }

  public void wantPeers(Hash160 infoHash) {
    post(() -> accept(new DhtInput.WantPeers(infoHash)));
  }

  /** Nodes that peers told us of, or that a person named. */
  public void nodesFound(List<Endpoint> nodes) {
    post(() -> accept(new DhtInput.NodesFound(nodes)));
  }

  /** The same by name; {@code host:port}. */
  public void namesFound(List<String> names) {
    if (port.isProxied()) {
      nodesFound(routers.literals(names));
    } else {
      routers.resolve(names, loop, this::nodesFound);
    }
  }

  /**
   * Looks for something once.
   *
   * @param input is given the ticket that its answers carry
   * @param answer is called for each of them; {@link DhtOutput.Ended} is the last
   */
  public void ask(LongFunction<DhtInput> input, Consumer<DhtOutput> answer) {
    post(
        () -> {
          long ticket = nextTicket++;
          asked.put(ticket, answer);
          accept(input.apply(ticket));
        });
  }

  public CompletableFuture<DhtStatus> status() {
    var status = new CompletableFuture<DhtStatus>();
    loop.execute(
        () ->
            status.complete(dht == null ? new DhtStatus(List.of()) : dht.status(Loop.nowNanos())));
    return status;
  }

  // The machine

  /** Does something with the machine, which begins with the first of this. */
  private void post(Runnable task) {
    loop.execute(
        () -> {
          if (!isOver && port.isOpen()) {
            begin();
            task.run();
          }
        });
  }

  private void begin() {
    if (dht != null) {
      return;
    }
    dht = new Dht(settings, saved, random);
    if (port.carries(false)) {
      accept(new DhtInput.SocketOpened(V4, false));
    }
    if (port.carries(true)) {
      accept(new DhtInput.SocketOpened(V6, true));
    }
    long now = Loop.nowNanos();
    boolean isKnown = saved.nodes().stream().anyMatch(node -> !node.contacts().isEmpty());
    routersDeadline.set(isKnown ? now + SAVED_NODES_NANOS : now, now);
    saveDeadline.set(now + SAVE_NANOS, now);
  }

  /** Names are looked up only while nobody else answers. */
  private void askRouters() {
    if (isOver || dht == null) {
      return;
    }
    long now = Loop.nowNanos();
    boolean isReady = dht.status(now).nodes().stream().anyMatch(DhtStatus.NodeStatus::isReady);
    if (!isReady) {
      if (port.isProxied()) {
        introductions.ask(routers.trusted());
      } else {
        routers.resolve(loop, found -> accept(new DhtInput.RoutersFound(found)));
      }
      routersDeadline.set(now + ROUTERS_RETRY_NANOS, now);
    }
  }

  /** One input; what it causes is carried out before this returns, and never within another. */
  private void accept(DhtInput input) {
    if (isBusy) {
      waiting.add(() -> accept(input));
      return;
    }
    run(machine -> machine.accept(input, Loop.nowNanos()));
    port.flush();
  }

  private void advance() {
    run(machine -> machine.advance(Loop.nowNanos()));
    port.flush();
  }

  private void run(Consumer<Dht> step) {
    if (dht == null || isOver) {
      return;
    }
    isBusy = true;
    try {
      step.accept(dht);
      for (var output = dht.poll(); output != null; output = dht.poll()) {
        carryOut(output);
      }
      deadline.set(dht.deadlineNanos(), Loop.nowNanos());
    } catch (RuntimeException e) {
      LOG.error("the DHT is broken and has stopped", e);
      isOver = true;
      deadline.cancel();
    } finally {
      isBusy = false;
    }
    for (var next = waiting.poll(); next != null; next = waiting.poll()) {
      next.run();
    }
  }

  private void carryOut(DhtOutput output) {
    switch (output) {
      case DhtOutput.SendDatagram(_, Endpoint to, byte[] datagram) ->
          port.write(to, Unpooled.wrappedBuffer(datagram));
      case DhtOutput.PeersFound(Hash160 infoHash, List<Endpoint> peers) -> {
        var listener = announced.get(infoHash);
        if (listener != null) {
          listener.accept(peers);
        }
      }
      case DhtOutput.Announced(Hash160 infoHash, int nodeCount) ->
          LOG.debug("{} announced at {} nodes of the DHT", infoHash, nodeCount);
      case DhtOutput.PeersAnswered answer -> tell(answer.ticket(), answer);
      case DhtOutput.ItemFound answer -> tell(answer.ticket(), answer);
      case DhtOutput.Sampled answer -> tell(answer.ticket(), answer);
      case DhtOutput.Ended answer -> {
        tell(answer.ticket(), answer);
        asked.remove(answer.ticket());
      }
      case DhtOutput.ExternalAddressFound(_, Endpoint address) ->
          LOG.debug("nodes of the DHT see us as {}", address.host());
    }
  }

  private void tell(long ticket, DhtOutput answer) {
    var listener = asked.get(ticket);
    if (listener != null) {
      listener.accept(answer);
    }
  }

  /** What comes in before the machine has begun has nobody to go to. */
  private final class Receiver implements UdpPort.Receiver {
    @Override
    public void received(Endpoint from, ByteBuf datagram, long nowNanos) {
      if (port.isProxied() && introductions.isAnswer(datagram)) {
        accept(new DhtInput.RoutersFound(List.of(from)));
      } else if (dht != null) {
        var bytes = new byte[datagram.readableBytes()];
        datagram.getBytes(datagram.readerIndex(), bytes);
        var input = new DhtInput.DatagramReceived(from.isV4() ? V4 : V6, from, bytes);
        run(machine -> machine.accept(input, nowNanos));
      }
    }
  }

  // The end

  private void saveAndGoOn() {
    if (dht != null && !isOver) {
      var state = dht.state();
      CompletableFuture.runAsync(() -> saveIfKnown(state));
      long now = Loop.nowNanos();
      saveDeadline.set(now + SAVE_NANOS, now);
    }
  }

  /** Ends, and saves; done when that is. */
  public CompletableFuture<Void> close() {
    var state = new CompletableFuture<DhtState>();
    loop.execute(
        () -> {
          boolean isUsed = dht != null && !isOver;
          isOver = true;
          deadline.cancel();
          routersDeadline.cancel();
          saveDeadline.cancel();
          state.complete(isUsed && dht != null ? dht.state() : DhtState.EMPTY);
        });
    return state.thenAcceptAsync(this::saveIfKnown);
  }

  private void saveIfKnown(DhtState state) {
    if (store != null && state.nodes().stream().anyMatch(node -> !node.contacts().isEmpty())) {
      store.save(state);
    }
  }
}
