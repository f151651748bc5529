package org.spate.engine.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spate.core.IpLiteral;

/**
 * Looks up names for all of a session: as the system does, or, where the session is bound, by
 * questions that leave from there like everything else. What blocks, files and the system, has a
 * few threads of its own, which end when there is nothing to do.
 */
public final class NameResolver {
  private static final int THREADS = 4;
  private static final int WAITING_MAX = 10_000;
  private static final long IDLE_SECONDS = 10;
  private static final long AWAIT_SECONDS = 30;

  /**
   * What a host says of itself in TXT records.
   *
   * @param texts none if it says nothing
   * @param seconds how long that holds, as told
   */
  public record Texts(List<String> texts, int seconds) {}

  private final ThreadPoolExecutor threads;
  private final @Nullable Function<String, List<InetAddress>> lookUp;
  private final NameServers servers;

  /** As a transport is bound. */
  static NameResolver of(Transport transport) {
    return new NameResolver(
        transport,
        transport.binding().isAny() ? NameResolver::bySystem : null,
        new ResolverFiles(transport.binding()));
  }

  /**
   * @param lookUp what blocks: the addresses of a name, none if it has none; null if the servers
   *     are to be asked
   * @param servers who is asked now, the first one first
   */
  public NameResolver(
      Transport transport,
      @Nullable Function<String, List<InetAddress>> lookUp,
      Supplier<List<InetSocketAddress>> servers) {
    this.lookUp = lookUp;
    this.servers = new NameServers(transport, servers);
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            task -> {
              var thread = new Thread(task, "spate-names");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Answers on the loop, later: the addresses of a name or literal, none if it has none. */
  public void resolve(String host, Loop loop, Consumer<List<InetAddress>> answer) {
    resolve(host, found -> loop.execute(() -> answer.accept(found)));
  }

  private void resolve(String host, Consumer<List<InetAddress>> answer) {
    begin(
        () -> {
          if (lookUp == null) {
            servers.addresses(host, answer);
          } else {
            answer.accept(lookUp.apply(host));
          }
        },
        () -> answer.accept(List.of()));
  }

  /** Answers on the loop, later: what a host says of itself; null if nobody knows. */
  public void texts(String host, Loop loop, Consumer<@Nullable Texts> answer) {
    Consumer<@Nullable Texts> onLoop = found -> loop.execute(() -> answer.accept(found));
    begin(() -> servers.texts(host, onLoop), () -> onLoop.accept(null));
  }

  private void begin(Runnable question, Runnable otherwise) {
    try {
      threads.execute(question);
    } catch (RejectedExecutionException e) {
      otherwise.run(); // there is too much to do
    }
  }

  /** Waits for the addresses of a name; not for loops. */
  List<InetAddress> await(String host) {
    var answer = new CompletableFuture<List<InetAddress>>();
    resolve(host, answer::complete);
    try {
      return answer.get(AWAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (ExecutionException | TimeoutException e) {
      return List.of();
    }
  }

  /** Waits for the addresses of a name without a session, looked up as one that is bound so. */
  public static List<InetAddress> lookUp(String host, Binding binding) {
    if (binding.isAny() || IpLiteral.parse(host) != null) {
      return bySystem(host);
    }
    var transport = new Transport(1, true, null, binding);
    try {
      return transport.names().await(host);
    } finally {
      transport.close(0);
    }
  }

  private static List<InetAddress> bySystem(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  /** Takes no more questions. */
  void close() {
    threads.shutdown();
    servers.close();
  }
}
