package org.spate.app.transfer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.MagnetLink;
import org.spate.core.metainfo.Metainfo;
import org.spate.engine.Session;
import org.spate.engine.SessionEvent;
import org.spate.engine.SessionSettings;
import org.spate.engine.TorrentEvent;
import org.spate.engine.TorrentException;
import org.spate.engine.TorrentHandle;
import org.spate.engine.TorrentOptions;

/**
 * The torrents of one command in one session, until each has reached its goal or somebody
 * interrupts. One thread owns all of it, the caller's: events of the session and interruptions come
 * through a mailbox.
 */
public final class Transfers {
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A torrent and how it is wanted. */
  public sealed interface Request {
    TorrentOptions options();

    /** The files of it; those of a magnet link are not known yet. */
    FileSelection selection();

    TorrentHandle addTo(Session session);
  }

  /** By its {@code .torrent} file; the options say what is selected. */
  public record FileRequest(Metainfo metainfo, FileSelection selection, TorrentOptions options)
      implements Request {
    @Override
    public TorrentHandle addTo(Session session) {
      return session.add(metainfo, options);
    }
  }

  /** By a magnet link. */
  public record LinkRequest(MagnetLink link, FileSelection selection, TorrentOptions options)
      implements Request {
    @Override
    public TorrentHandle addTo(Session session) {
      return session.add(link, options);
    }
  }

  /** How it ended. */
  public enum Outcome {
    DONE,
    FAILED,
    INTERRUPTED
  }

  /** What is to be done with which torrents. */
  public record Plan(Transfer.Role role, SeedingGoal goal, List<Request> requests) {
    public Plan {
      requests = List.copyOf(requests);
    }
  }

  private final Plan plan;
  private final Report report;
  private final Mailbox mailbox = new Mailbox();
  private final Map<TorrentHandle, Transfer> transfers = new LinkedHashMap<>();
  private boolean isGiven;
  private boolean isAbandoned;
  private boolean isInterrupted;

  public Transfers(Plan plan, Report report) {
    this.plan = plan;
    this.report = report;
  }

  /**
   * Carries it out; returns when all is over, told to the trackers and saved.
   *
   * @param go where a line is awaited before anything is touched, or null to begin at once
   * @throws TorrentException if the session cannot be had, or a torrent comes twice
   */
  public Outcome run(SessionSettings.Builder settings, @Nullable InputStream go)
      throws InterruptedException {
    try (var _ = Interruption.listen(() -> mailbox.execute(() -> isInterrupted = true))) {
      try (var session = Session.open(settings.held().eventExecutor(mailbox).build())) {
        session.listen(this::onEvent);
        session.listen((SessionEvent event) -> report.event(event));
        if (go != null) {
          awaitLine(go);
        }
        if (!isInterrupted && !isAbandoned) {
          begin(session);
          workUntilOver();
        }
        report.stopping(isInterrupted);
      }
      mailbox.work(); // what happened before the end
      report.stopped();
      return outcome();
    }
  }

  /** Waits for a line; the end of the input means that nobody will say it. */
  private void awaitLine(InputStream input) throws InterruptedException {
    report.ready();
    Thread.ofPlatform()
        .daemon()
        .name("spate-go")
        .start(
            () -> {
              boolean isLine = isLineRead(input);
              mailbox.execute(() -> onGo(isLine));
            });
    while (!isGiven && !isAbandoned && !isInterrupted) {
      mailbox.workUntil(System.nanoTime() + TICK_NANOS);
    }
  }

  private void onGo(boolean isLine) {
    isGiven = isLine;
    isAbandoned = !isLine;
  }

  private static boolean isLineRead(InputStream input) {
    try {
      var reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
      return reader.readLine() != null;
    } catch (IOException e) {
      return false;
    }
  }

  private void begin(Session session) {
    for (var wanted : plan.requests) {
      var torrent = wanted.addTo(session);
      transfers.put(
          torrent, new Transfer(torrent, wanted.selection(), plan.role, plan.goal, report));
    }
    session.start();
  }

  /** Events come through the mailbox, and so after all torrents have been added. */
  private void onEvent(TorrentHandle torrent, TorrentEvent event) {
    var transfer = transfers.get(torrent);
    if (transfer != null) {
      transfer.onEvent(event);
    }
  }

  private void workUntilOver() throws InterruptedException {
    long tickNanos = System.nanoTime();
    while (!isInterrupted && !transfers.values().stream().allMatch(Transfer::isOver)) {
      mailbox.workUntil(tickNanos);
      long nowNanos = System.nanoTime();
      if (nowNanos - tickNanos >= 0) {
        tick(nowNanos);
        tickNanos = nowNanos + TICK_NANOS;
      }
    }
    tick(System.nanoTime());
  }

  private void tick(long nowNanos) {
    var standings = new ArrayList<Report.Standing>();
    for (var transfer : transfers.values()) {
      var standing = transfer.standing();
      transfer.tick(standing.status(), nowNanos);
      standings.add(standing);
    }
    report.progress(standings, nowNanos);
  }

  private Outcome outcome() {
    if (isInterrupted) {
      return Outcome.INTERRUPTED;
    }
    boolean hasFailed = isAbandoned || transfers.values().stream().anyMatch(Transfer::hasFailed);
    return hasFailed ? Outcome.FAILED : Outcome.DONE;
  }
}
