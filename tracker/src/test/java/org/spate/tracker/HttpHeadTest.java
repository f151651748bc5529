package org.spate.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.tracker.HttpHead.Outcome;

/** Heads of requests out of any bytes, however they are cut on their way. */
class HttpHeadTest {
  /** What is told of one request after the other, until there is no further or one is refused. */
  private static List<String> told(byte[] bytes, int part) {
    var head = new HttpHead();
    var told = new ArrayList<String>();
    var in = Unpooled.buffer();
    var outcome = Outcome.INCOMPLETE;
    for (int at = 0; at < bytes.length && isOpen(outcome); at += part) {
      int checked = in.readableBytes();
      in.writeBytes(bytes, at, Math.min(part, bytes.length - at));
      outcome = head.read(in, checked);
      while (outcome == Outcome.COMPLETE) {
        told.add(describe(head));
        outcome = head.read(in, 0);
      }
    }
    told.add(outcome + " " + (isOpen(outcome) ? left(in) : ""));
    return told;
  }

  private static boolean isOpen(Outcome outcome) {
    return outcome == Outcome.INCOMPLETE || outcome == Outcome.COMPLETE;
  }

  private static String left(ByteBuf in) {
    return in.toString(StandardCharsets.ISO_8859_1);
  }

  private static String describe(HttpHead head) {
    assertThat(head.target()).isNotEmpty().doesNotContain(" ", "\n");
    return String.join(
        "|",
        head.target(),
        "" + head.isGetOrHead() + head.isHead() + head.hasBody() + head.isKeptAlive(),
        "" + head.isWebSocket() + head.isVersion10() + head.acceptsGzip(),
        head.webSocketKey(),
        head.webSocketVersion(),
        head.forwardedFor());
  }

  @FuzzTest(maxDuration = "1m")
  void any_bytes_mean_the_same_however_they_come(byte[] bytes) {
    var whole = told(bytes, Math.max(1, bytes.length));
    assertThat(told(bytes, 1)).isEqualTo(whole);
    assertThat(told(bytes, 7)).isEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /\n\n",
        "GET  / HTTP/1.1\n\n",
        " / HTTP/1.1\n\n",
        "GET / HTTP/2\n\n",
        "GET / HTTP/1.1\nno colon\n\n",
        "GET / HTTP/1.1\n: no name\n\n",
        "\n\n",
      })
  void what_is_no_head_is_malformed(String text) {
    assertThat(told(text.getBytes(StandardCharsets.ISO_8859_1), 3)).containsExactly("MALFORMED ");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 100_000})
  void a_line_or_headers_without_end_are_cut_off(int part) {
    for (var begin : List.of("GET /", "GET / HTTP/1.1\r\nX: ", "GET / HTTP/1.1\r\nX: y\r\n")) {
      var endless = (begin + "x: y\r\n".repeat(10_000)).getBytes(StandardCharsets.ISO_8859_1);
      assertThat(told(endless, part)).as(begin).containsExactly("TOO_LONG ");
    }
  }
}
