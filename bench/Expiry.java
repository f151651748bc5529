import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.tracker.Announcement;
import org.spate.core.tracker.Answer;
import org.spate.core.tracker.CompactPeerStore;
import org.spate.core.tracker.Families;
import org.spate.core.tracker.TrackerPolicy;

/**
 * How long the steps of expiry in memory take with 2,000,000 peers, as a tracker takes them: in
 * time of the processor, so that what else the machine does is not counted.
 */
final class Expiry {
  private static final int PEER_COUNT = 2_000_000;
  private static final int STEP_PEERS = 2_500;
  private static final TrackerPolicy POLICY =
      TrackerPolicy.DEFAULT.withBounds(PEER_COUNT, PEER_COUNT, PEER_COUNT);
  private static final long LIFE_NANOS = POLICY.expirySeconds() * 1_000_000_000L;

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private Expiry() {}

  public static void main(String[] arguments) {
    run(1, false);
    System.out.println("| steps of expiry, 2,000,000 peers | median us | 99 % us | longest us |");
    System.out.println("|---|---|---|---|");
    for (int torrents : new int[] {1, PEER_COUNT / 2}) {
      run(torrents, true);
    }
  }

  private static void run(int torrents, boolean isShown) {
    var dice = new SplittableRandom(1);
    var store = new CompactPeerStore(POLICY, dice.split(), dice.split());
    var answer = new Answer(0);
    for (int i = 0; i < PEER_COUNT; i++) {
      store.announce(announcement(i % torrents, i), answer, 0);
    }
    var alive = new long[PEER_COUNT / STEP_PEERS];
    for (int i = 0; i < alive.length; i++) {
      alive[i] = step(store, LIFE_NANOS / 2);
    }
    var dead = new long[1 << 20];
    int count = 0;
    while (store.holdings().peers() > 0) {
      dead[count++] = step(store, 2 * LIFE_NANOS);
    }
    if (isShown) {
      show(torrents + " torrents, all alive", alive);
      show(torrents + " torrents, all dead", Arrays.copyOf(dead, count));
    }
  }

  private static Announcement announcement(int torrent, int peer) {
    var id = new PeerId(new Hash160(peer, 1, 1));
    var request =
        new AnnounceRequest(
            new Hash160((long) torrent << 32, torrent, 1),
            id,
            1 + peer % 60_000,
            0,
            0,
            peer % 2,
            AnnounceEvent.STARTED,
            0,
            0);
    return Announcement.of(request, Endpoint.v4(0x10000000 + peer, 1), Families.V4);
  }

  private static long step(CompactPeerStore store, long nowNanos) {
    long start = CLOCK.getCurrentThreadCpuTime();
    store.expire(STEP_PEERS, nowNanos);
    return CLOCK.getCurrentThreadCpuTime() - start;
  }

  private static void show(String label, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "| %s | %.0f | %.0f | %.0f |%n",
        label,
        nanos[nanos.length / 2] / 1e3,
        nanos[nanos.length * 99 / 100] / 1e3,
        nanos[nanos.length - 1] / 1e3);
  }
}
