package org.spate.sim;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * The least time in which a file can reach everybody, in closed form: from a server alone and in a
 * swarm (Kumar and Ross, "Peer-assisted file distribution: the minimum distribution time", 2006).
 *
 * @param fileBytes the size of the file
 * @param pieceLength the unit that a peer can pass on
 * @param seedUpload bytes a second
 */
public record Bounds(long fileBytes, int pieceLength, long seedUpload, List<PeerGroup> peers) {

  /** What a bound is set by. */
  public enum Term {
    /** The seed has to send every byte once. */
    SEED_UPLOAD,
    /** The slowest receiver has to receive every byte. */
    SLOWEST_DOWNLOAD,
    /** All uploads together have to send every byte to everybody. */
    TOTAL_UPLOAD
  }

  public Bounds {
    Checks.positive(fileBytes, "file size");
    Checks.positive(pieceLength, "piece size");
    Checks.positive(seedUpload, "seed upload");
    peers = List.copyOf(peers);
    if (peers.isEmpty()) {
      throw new IllegalArgumentException("nobody to receive the file");
    }
  }

  public long peerCount() {
    return peers.stream().mapToLong(PeerGroup::count).sum();
  }

  /** D_CS: the server alone serves everybody. Seconds. */
  public double clientServerSeconds() {
    return clientServerSeconds((double) peerCount());
  }

  /** D_CS for another number of receivers, mixed as these are. Seconds. */
  public double clientServerSeconds(double receivers) {
    return Math.max(receivers * fileBytes / seedUpload, slowestDownloadSeconds());
  }

  /** D_P2P: peers pass on what they have, in parts as small as you like. Seconds. */
  public double peerToPeerSeconds() {
    return peerToPeerSeconds((double) peerCount());
  }

  /** D_P2P for another number of receivers, mixed as these are. Seconds. */
  public double peerToPeerSeconds(double receivers) {
    return Math.max(
        Math.max(seedUploadSeconds(), slowestDownloadSeconds()), totalUploadSeconds(receivers));
  }

  /** Which term D_P2P is; of equal ones the first. */
  public Term bindingTerm() {
    double bound = peerToPeerSeconds();
    if (seedUploadSeconds() == bound) {
      return Term.SEED_UPLOAD;
    }
    return slowestDownloadSeconds() == bound ? Term.SLOWEST_DOWNLOAD : Term.TOTAL_UPLOAD;
  }

  /**
   * A tighter bound that knows that peers pass on whole pieces. Seconds.
   *
   * <p>While k pieces' worth of bytes are with the receivers, at most k of them (at best the
   * fastest) have a piece to pass on; so the bytes of all copies take at least the sum of these
   * phases. And the piece that is the last to be whole at any receiver is so only when the seed has
   * sent every byte once; the others get that piece afterwards, in the same phases.
   */
  public double pieceAwareBound() {
    var fastestFirst =
        peers.stream().sorted(Comparator.comparingLong(PeerGroup::upload).reversed()).toList();
    long piece = Math.min(pieceLength, fileBytes);
    double rate = seedUpload;
    double firstPieces = 0; // one piece for everybody
    double laterHolders = 0; // the same without the first receiver's piece
    for (var group : fastestFirst) {
      for (int i = 0; i < group.count(); i++) {
        double phase = piece / rate;
        laterHolders += firstPieces == 0 ? 0 : phase;
        firstPieces += phase;
        rate += group.upload();
      }
    }
    double rest = peerCount() * (double) (fileBytes - piece) / rate;
    return Math.max(
        peerToPeerSeconds(), Math.max(firstPieces + rest, seedUploadSeconds() + laterHolders));
  }

  /**
   * The crossover: the least number of receivers, mixed as these are, from which a swarm is faster
   * than the server; empty if it never is.
   */
  public OptionalLong crossover() {
    if (totalUpload() == 0) {
      return OptionalLong.empty();
    }
    double equalUpTo = Math.max(1, (double) seedUpload / slowestDownload());
    return OptionalLong.of((long) Math.floor(equalUpTo) + 1);
  }

  /** Bytes that the server has to send alone, less the one copy that a swarm needs from it. */
  public double serverBytesSaved() {
    return totalBytes() - fileBytes;
  }

  private double totalBytes() {
    return (double) peerCount() * fileBytes;
  }

  private double seedUploadSeconds() {
    return (double) fileBytes / seedUpload;
  }

  private double slowestDownloadSeconds() {
    return (double) fileBytes / slowestDownload();
  }

  private double totalUploadSeconds(double receivers) {
    double share = receivers / peerCount();
    return receivers * fileBytes / (seedUpload + share * totalUpload());
  }

  private double totalUpload() {
    return peers.stream().mapToDouble(p -> (double) p.count() * p.upload()).sum();
  }

  private long slowestDownload() {
    return peers.stream().mapToLong(PeerGroup::download).min().orElseThrow();
  }
}
