package org.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.swarm.PieceSet;
import org.spate.engine.storage.TestTorrent.Format;
import org.spate.engine.storage.TestTorrent.Item;

/** Any bytes for resume data: none, or such as we could have written (threat 71). */
class ResumeFuzzTest {
  /** Up to the end of the identity, which no mutation would guess. */
  private static final int HEAD_BYTES = 76;

  private static final InfoDictionary INFO =
      TestTorrent.of(1, Format.V1, 1 << 14, Item.file("a", 300_000), Item.file("b", 5)).info();

  private static final byte[] HEAD =
      Arrays.copyOf(
          new ResumeData(new PieceSet(INFO.geometry().pieceCount()), 0, List.of(), ResumeFacts.NONE)
              .encode(INFO),
          HEAD_BYTES);

  @FuzzTest(maxDuration = "1m")
  void file(byte[] bytes) {
    assertThat(ResumeData.decode(bytes, INFO)).isNull();
  }

  /** The right head and the right check, so that what stands between is looked at. */
  @FuzzTest(maxDuration = "1m")
  void body(byte[] body) {
    var file = ByteBuffer.allocate(HEAD_BYTES + body.length + Integer.BYTES).put(HEAD).put(body);
    file.putInt(ResumeData.crc(file.array(), file.position()));
    var data = ResumeData.decode(file.array(), INFO);
    if (data != null) {
      assertThat(data.claimed().pieceCount()).isEqualTo(INFO.geometry().pieceCount());
      assertThat(data.stamps()).hasSize(INFO.files().files().size() + 1);
      var again = ResumeData.decode(data.encode(INFO), INFO);
      assertThat(again).usingRecursiveComparison().isEqualTo(data);
    }
  }
}
