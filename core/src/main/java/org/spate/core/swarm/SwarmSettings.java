package org.spate.core.swarm;

/**
 * How a swarm behaves; immutable, replaced whole.
 *
 * @param linksMax most neighbours at once
 * @param linksWanted how many neighbours to dial for while downloading
 * @param dialsMax most half-open dials at once
 * @param uploadSlots unchoked peers that reciprocate, to start with; one optimistic comes on top
 * @param uploadLimit bytes a second that uploads are limited to by the host, or 0 for none; tells
 *     how many slots are worth having
 * @param sequential pieces in order instead of rarest first
 * @param superSeeding BEP 16 when we are the only seed
 * @param isPrivate BEP 27
 * @param leecherPolicy how a leecher gives its slots
 * @param seedPolicy how a seed gives its slots
 * @param randomFirstPieces pieces picked at random before rarest first begins
 * @param requestSlackNanos queue kept at each neighbour beyond one round trip
 * @param wholePieces each neighbour is asked for pieces of its own while there are plenty, instead
 *     of all of them sharing the started ones
 * @param listenPort where we take links, told to neighbours; 0 for nowhere
 * @param peerExchange whether addresses are exchanged with neighbours (BEP 11); private torrents do
 *     not in any case
 * @param holepunch whether peers are dialled with the help of neighbours (BEP 55), and helped: not
 *     without uTP, nor without peer exchange
 * @param uploadPerAddress most bytes that one address is given, or 0 for no limit
 * @param plain plain rules instead of ours, to be compared with: a fixed number of slots, all
 *     served side by side, no suggestions, and requests that stay where they are
 */
public record SwarmSettings(
    int linksMax,
    int linksWanted,
    int dialsMax,
    int uploadSlots,
    long uploadLimit,
    boolean sequential,
    SuperSeeding superSeeding,
    boolean isPrivate,
    LeecherPolicy leecherPolicy,
    SeedPolicy seedPolicy,
    int randomFirstPieces,
    long requestSlackNanos,
    boolean wholePieces,
    int listenPort,
    boolean peerExchange,
    boolean holepunch,
    long uploadPerAddress,
    boolean plain) {

  /** When to super-seed. */
  public enum SuperSeeding {
    OFF,
    /** While no other seed is in sight. */
    AUTO,
    ON
  }

  /** How a leecher chooses whom to serve. */
  public enum LeecherPolicy {
    /** Those who give most. */
    TIT_FOR_TAT,
    /** Each in turn, whatever it gives: what reciprocation is to be compared with. */
    ROUND_ROBIN
  }

  /** How a seed chooses whom to serve. */
  public enum SeedPolicy {
    /** Those who take fastest. */
    FASTEST_UPLOAD,
    /** Each in turn. */
    ROUND_ROBIN
  }

  public static final SwarmSettings DEFAULT =
      new SwarmSettings(
          200,
          50,
          20,
          4,
          0,
          false,
          SuperSeeding.AUTO,
          false,
          LeecherPolicy.TIT_FOR_TAT,
          SeedPolicy.FASTEST_UPLOAD,
          4,
          500_000_000L,
          true,
          0,
          false,
          true,
          0,
          false);

  public SwarmSettings withSuperSeeding(SuperSeeding mode) {
    var draft = new Draft(this);
    draft.superSeeding = mode;
    return draft.done();
  }

  public SwarmSettings withListenPort(int port) {
    var draft = new Draft(this);
    draft.listenPort = port;
    return draft.done();
  }

  public SwarmSettings withPeerExchange(boolean on) {
    var draft = new Draft(this);
    draft.peerExchange = on;
    return draft.done();
  }

  public SwarmSettings withHolepunch(boolean on) {
    var draft = new Draft(this);
    draft.holepunch = on;
    return draft.done();
  }

  public SwarmSettings withUploadPerAddress(long bytes) {
    var draft = new Draft(this);
    draft.uploadPerAddress = bytes;
    return draft.done();
  }

  /** The same settings while they are being changed. */
  private static final class Draft {
    private int linksMax;
    private int linksWanted;
    private int dialsMax;
    private int uploadSlots;
    private long uploadLimit;
    private boolean sequential;
    private SuperSeeding superSeeding;
    private boolean isPrivate;
    private LeecherPolicy leecherPolicy;
    private SeedPolicy seedPolicy;
    private int randomFirstPieces;
    private long requestSlackNanos;
    private boolean wholePieces;
    private int listenPort;
    private boolean peerExchange;
    private boolean holepunch;
    private long uploadPerAddress;
    private boolean plain;

    Draft(SwarmSettings from) {
      linksMax = from.linksMax;
      linksWanted = from.linksWanted;
      dialsMax = from.dialsMax;
      uploadSlots = from.uploadSlots;
      uploadLimit = from.uploadLimit;
      sequential = from.sequential;
      superSeeding = from.superSeeding;
      isPrivate = from.isPrivate;
      leecherPolicy = from.leecherPolicy;
      seedPolicy = from.seedPolicy;
      randomFirstPieces = from.randomFirstPieces;
      requestSlackNanos = from.requestSlackNanos;
      wholePieces = from.wholePieces;
      listenPort = from.listenPort;
      peerExchange = from.peerExchange;
      holepunch = from.holepunch;
      uploadPerAddress = from.uploadPerAddress;
      plain = from.plain;
    }

    SwarmSettings done() {
      return new SwarmSettings(
          linksMax,
          linksWanted,
          dialsMax,
          uploadSlots,
          uploadLimit,
          sequential,
          superSeeding,
          isPrivate,
          leecherPolicy,
          seedPolicy,
          randomFirstPieces,
          requestSlackNanos,
          wholePieces,
          listenPort,
          peerExchange,
          holepunch,
          uploadPerAddress,
          plain);
    }
  }
}
