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
    SuperSeeding superSeeding) {

  public static final TorrentOptions DEFAULT =
      new TorrentOptions(
          null, false, null, false, 0, 0, List.of(), null, false, false, SuperSeeding.AUTO);

  public TorrentOptions {
    if (downLimit < 0 || upLimit < 0) {
      throw new IllegalArgumentException("limits must not be negative");
    }
    peers = List.copyOf(peers);
  }

  public TorrentOptions withFolder(Path other) {
    return new TorrentOptions(
        other,
        isPaused,
        priorities,
        sequential,
        downLimit,
        upLimit,
        peers,
        trackers,
        overwrite,
        recheck,
        superSeeding);
  }

  public TorrentOptions paused() {
    return new TorrentOptions(
        folder,
        true,
        priorities,
        sequential,
        downLimit,
        upLimit,
        peers,
        trackers,
        overwrite,
        recheck,
        superSeeding);
  }

  public TorrentOptions withPriorities(byte[] others) {
    return new TorrentOptions(
        folder,
        isPaused,
        others,
        sequential,
        downLimit,
        upLimit,
        peers,
        trackers,
        overwrite,
        recheck,
        superSeeding);
  }

  public TorrentOptions inOrder() {
    return new TorrentOptions(
        folder,
        isPaused,
        priorities,
        true,
        downLimit,
        upLimit,
        peers,
        trackers,
        overwrite,
        recheck,
        superSeeding);
  }

  /** The same with these limits: bytes a second, 0 for none. */
  public TorrentOptions withLimits(long down, long up) {
    return new TorrentOptions(
        folder,
        isPaused,
        priorities,
        sequential,
        down,
        up,
        peers,
        trackers,
        overwrite,
        recheck,
        superSeeding);
  }

  public TorrentOptions withPeers(List<Endpoint> others) {
    return new TorrentOptions(
        folder,
        isPaused,
        priorities,
        sequential,
        downLimit,
        upLimit,
        others,
        trackers,
        overwrite,
        recheck,
        superSeeding);
  }

  public TorrentOptions withTrackers(List<List<String>> tiers) {
    return new TorrentOptions(
        folder,
        isPaused,
        priorities,
        sequential,
        downLimit,
        upLimit,
        peers,
        tiers,
        overwrite,
        recheck,
        superSeeding);
  }

  public TorrentOptions overwriting() {
    return new TorrentOptions(
        folder,
        isPaused,
        priorities,
        sequential,
        downLimit,
        upLimit,
        peers,
        trackers,
        true,
        recheck,
        superSeeding);
  }

  public TorrentOptions rechecking() {
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
        true,
        superSeeding);
  }

  public TorrentOptions withSuperSeeding(SuperSeeding when) {
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
        when);
  }
}
