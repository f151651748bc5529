package org.spate.core.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.spate.core.metainfo.PieceGeometry;
import org.spate.core.wire.Extension;
import org.spate.core.wire.Extensions;
import org.spate.core.wire.MetadataMessage;
import org.spate.core.wire.PeerMessage;

/** Info dictionaries are served to who asks in measure (threat 26). */
class MetadataAnswersTest {
  private static final int METADATA_ID = 5;
  private static final byte[] METADATA = new byte[40_000];

  static {
    new Random(1).nextBytes(METADATA);
  }

  private final LoneSwarm seed =
      new LoneSwarm(
          PieceGeometry.plain(1 << 20, 1 << 16),
          PieceSet.all(16),
          LoneSwarm.withoutSuperSeeding(),
          1,
          new Description(HashSource.NONE, METADATA));

  private int leecher() {
    int link = seed.link(LoneSwarm.FAST);
    var ids = Map.of(Extension.UT_METADATA.key(), METADATA_ID);
    seed.says(
        link,
        new PeerMessage.ExtensionHandshake(new Extensions(ids, null, 0, 0, false, 0, false, null)));
    return link;
  }

  private void asks(int link, int piece) {
    var body = new MetadataMessage.Request(piece).encode();
    seed.says(link, new PeerMessage.Extended(Extension.UT_METADATA.id(), body));
  }

  private List<MetadataMessage> answers(int link) {
    return seed.said(link, PeerMessage.Extended.class).stream()
        .filter(message -> message.id() == METADATA_ID)
        .map(message -> MetadataMessage.parse(message.body()))
        .toList();
  }

  @Test
  void itsSizeIsToldAndItsPiecesAreServed() {
    int link = leecher();
    asks(link, 0);
    asks(link, 2);
    asks(link, 3);

    var told = seed.said(link, PeerMessage.ExtensionHandshake.class).getFirst().extensions();
    assertThat(told.metadataSize()).isEqualTo(METADATA.length);
    var answers = answers(link);
    assertThat(((MetadataMessage.Data) answers.get(0)).bytes())
        .isEqualTo(java.util.Arrays.copyOf(METADATA, 16_384));
    assertThat(((MetadataMessage.Data) answers.get(1)).bytes())
        .isEqualTo(java.util.Arrays.copyOfRange(METADATA, 32_768, 40_000));
    assertThat(answers.get(2)).isEqualTo(new MetadataMessage.Reject(3));
  }

  @Test
  void aFloodOfRequestsGetsAFewCopiesAndThenEnds() {
    int link = leecher();
    for (int i = 0; i < 10_000 && seed.closed(link) == null; i++) {
      asks(link, i % 3);
    }
    long served = answers(link).stream().filter(MetadataMessage.Data.class::isInstance).count();
    assertThat(served)
        .isLessThanOrEqualTo(MetadataAnswers.COPIES_MAX * 3 + MetadataAnswers.PIECES_GRACE);
    assertThat(seed.closed(link)).isEqualTo(CloseReason.MESSAGE_FLOOD);
  }

  @Test
  void whoCannotTakeAnAnswerGetsNone() {
    int link = seed.link(LoneSwarm.FAST);
    asks(link, 0);
    assertThat(seed.said(link, PeerMessage.Extended.class)).isEmpty();
    assertThat(seed.closed(link)).isNull();
  }

  @Test
  void aMessageThatIsNoneEndsTheLink() {
    int link = leecher();
    seed.says(link, new PeerMessage.Extended(Extension.UT_METADATA.id(), new byte[] {'x'}));
    assertThat(seed.closed(link)).isEqualTo(CloseReason.BAD_EXTENSION_MESSAGE);
  }
}
