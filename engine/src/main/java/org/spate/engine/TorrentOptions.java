package org.spate.engine;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.swarm.SwarmSettings.SuperSeeding;

/**
 * How one torrent is added; immutable. Begin with {@link #DEFAULT} and change what differs.
 *
 * @param folder where its files go, or null for the session's folder
 * @param isPaused whether it waits for {@link TorrentHandle#resume}
 * @param priorities one for each file: 0 = skipped, 1 = normal, up to 7; null for what the resume
 *     data say, or else all normal
 * @param sequential pieces in order instead of rarest first
 * @param downLimit bytes a second, 0 for none
 * @param upLimit bytes a second, 0 for none
 * @param peers where peers are to be found, beside what trackers say
 * @param trackers announce URLs in tiers instead of the torrent's own, or null for those
 * @param overwrite whether files that are in the way and do not match may be overwritten
 * @param recheck whether all existing data are checked whatever the resume data say
 * @param superSeeding when to super-seed (BEP 16)
 * @param selector for a magnet link: chooses files when they have become known, instead of what the
 *     link selects; or null
 * @param metadataOnly for a magnet link: pauses when it is known what is in the torrent, before any
 *     file is touched
 * @param webSeeds URLs (BEP 19) that the user trusts, beside the torrent's own
 * @param upPerPeer most that one address is given, in sizes of the torrent; 0 for no limit
 * @param recording where everything is written down that the torrent's swarm is told, for {@code
 *     spate replay}, or null; a file that does not exist yet
 * @param identity who we are to the peers of an SSL torrent, or null
 */
public record TorrentOptions(
    @Nullable Path folder,
    boolean isPaused,
    byte @Nullable [] priorities,
    boolean sequential,
    long downLimit,
    long upLimit,
    List<Endpoint> peers,
    @Nullable List<List<String>> trackers,
    boolean overwrite,
    boolean recheck,
    SuperSeeding superSeeding,
    @Nullable FileSelector selector,
    boolean metadataOnly,
    List<String> webSeeds,
    double upPerPeer,
    @Nullable Path recording,
    @Nullable TlsIdentity identity) {

  public static final TorrentOptions DEFAULT =
      new TorrentOptions(
          null,
          false,
          null,
          false,
          0,
          0,
          List.of(),
          null,
          false,
          false,
          SuperSeeding.AUTO,
          null,
          false,
          List.of(),
          0,
          null,
          null);

  public TorrentOptions {
    if (downLimit < 0 || upLimit < 0) {
      throw new IllegalArgumentException("limits must not be negative");
    }
    if (!(upPerPeer == 0 || (upPerPeer >= 1 && Double.isFinite(upPerPeer)))) {
      throw new IllegalArgumentException("less than a whole copy for each peer");
    }
    peers = List.copyOf(peers);
    webSeeds = List.copyOf(webSeeds);
  }

  public TorrentOptions withFolder(Path other) {
    var draft = new Draft(this);
    draft.folder = other;
    return draft.done();
  }

  public TorrentOptions paused() {
    var draft = new Draft(this);
    draft.isPaused = true;
    return draft.done();
  }

  public TorrentOptions withPriorities(byte[] others) {
    var draft = new Draft(this);
    draft.priorities = others;
    return draft.done();
  }

  public TorrentOptions withWebSeeds(List<String> others) {
    var draft = new Draft(this);
    draft.webSeeds = others;
    return draft.done();
  }

  public TorrentOptions inOrder() {
    var draft = new Draft(this);
    draft.sequential = true;
    return draft.done();
  }

  /** The same with these limits: bytes a second, 0 for none. */
  public TorrentOptions withLimits(long down, long up) {
    var draft = new Draft(this);
    draft.downLimit = down;
    draft.upLimit = up;
    return draft.done();
  }

  public TorrentOptions withPeers(List<Endpoint> others) {
    var draft = new Draft(this);
    draft.peers = others;
    return draft.done();
  }

  public TorrentOptions withTrackers(List<List<String>> tiers) {
    var draft = new Draft(this);
    draft.trackers = tiers;
    return draft.done();
  }

  public TorrentOptions overwriting() {
    var draft = new Draft(this);
    draft.overwrite = true;
    return draft.done();
  }

  public TorrentOptions rechecking() {
    var draft = new Draft(this);
    draft.recheck = true;
    return draft.done();
  }

  public TorrentOptions withSuperSeeding(SuperSeeding when) {
    var draft = new Draft(this);
    draft.superSeeding = when;
    return draft.done();
  }

  /** The same, choosing the files of a magnet link when they have become known. */
  public TorrentOptions withSelector(FileSelector chooser) {
    var draft = new Draft(this);
    draft.selector = chooser;
    return draft.done();
  }

  /** The same, asking peers what is in a magnet link's torrent and no more. */
  public TorrentOptions onlyMetadata() {
    var draft = new Draft(this);
    draft.metadataOnly = true;
    return draft.done();
  }

  /** The same, giving no address more than so many copies: 1 and up, or 0 for no limit. */
  public TorrentOptions withUpPerPeer(double copies) {
    var draft = new Draft(this);
    draft.upPerPeer = copies;
    return draft.done();
  }

  /** The same, recorded. */
  public TorrentOptions recordedTo(Path file) {
    var draft = new Draft(this);
    draft.recording = file;
    return draft.done();
  }

  /** The same, known to the peers of an SSL torrent. */
  public TorrentOptions withIdentity(TlsIdentity who) {
    var draft = new Draft(this);
    draft.identity = who;
    return draft.done();
  }

  /** The same options while they are being changed. */
  private static final class Draft {
    private @Nullable Path folder;
    private boolean isPaused;
    private byte @Nullable [] priorities;
    private boolean sequential;
    private long downLimit;
    private long upLimit;
    private List<Endpoint> peers;
    private @Nullable List<List<String>> trackers;
    private boolean overwrite;
    private boolean recheck;
    private SuperSeeding superSeeding;
    private @Nullable FileSelector selector;
    private boolean metadataOnly;
    private List<String> webSeeds;
    private double upPerPeer;
    private @Nullable Path recording;
    private @Nullable TlsIdentity identity;

    Draft(TorrentOptions from) {
      folder = from.folder;
      isPaused = from.isPaused;
      priorities = from.priorities;
      sequential = from.sequential;
      downLimit = from.downLimit;
      upLimit = from.upLimit;
      peers = from.peers;
      trackers = from.trackers;
      overwrite = from.overwrite;
      recheck = from.recheck;
      superSeeding = from.superSeeding;
      selector = from.selector;
      metadataOnly = from.metadataOnly;
      webSeeds = from.webSeeds;
      upPerPeer = from.upPerPeer;
      recording = from.recording;
      identity = from.identity;
    }

    TorrentOptions done() {
      return new TorrentOptions(
          folder,
          isPaused,
          priorities,
          sequential,
          downLimit,
          upLimit,
          peers,
          trackers,
          overwrite,
          recheck,
          superSeeding,
          selector,
          metadataOnly,
          webSeeds,
          upPerPeer,
          recording,
          identity);
    }
  }
}
