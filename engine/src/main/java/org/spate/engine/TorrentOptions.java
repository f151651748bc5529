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
    List<String> webSeeds) {

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
          List.of());

  public TorrentOptions {
    if (downLimit < 0 || upLimit < 0) {
      throw new IllegalArgumentException("limits must not be negative");
    }
    peers = List.copyOf(peers);
    webSeeds = List.copyOf(webSeeds);
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
        superSeeding,
        selector,
        metadataOnly,
        webSeeds);
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
        superSeeding,
        selector,
        metadataOnly,
        webSeeds);
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
        superSeeding,
        selector,
        metadataOnly,
        webSeeds);
  }

  public TorrentOptions withWebSeeds(List<String> others) {
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
        others);
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
        superSeeding,
        selector,
        metadataOnly,
        webSeeds);
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
        superSeeding,
        selector,
        metadataOnly,
        webSeeds);
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
        superSeeding,
        selector,
        metadataOnly,
        webSeeds);
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
        superSeeding,
        selector,
        metadataOnly,
        webSeeds);
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
        superSeeding,
        selector,
        metadataOnly,
        webSeeds);
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
        superSeeding,
        selector,
        metadataOnly,
        webSeeds);
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
        when,
        selector,
        metadataOnly,
        webSeeds);
  }

  /** The same, choosing the files of a magnet link when they have become known. */
  public TorrentOptions withSelector(FileSelector chooser) {
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
        chooser,
        metadataOnly,
        webSeeds);
  }

  /** The same, asking peers what is in a magnet link's torrent and no more. */
  public TorrentOptions onlyMetadata() {
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
        true,
        webSeeds);
  }
}
