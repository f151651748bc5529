package org.spate.engine.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much may wait in the kernel, as the kernel itself tells it. */
class UnsentMarkTest {
  private static final long MILLI = 1_000_000;
  private static final long START = -50 * MILLI; // times are only compared

  private EpollSocketChannel channel;
  private UnsentMark mark;
  private long now = START;

  @BeforeEach
  void open() {
    assumeTrue(Epoll.isAvailable());
    channel = new EpollSocketChannel();
    channel.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UnsentMark.BYTES_MIN);
    mark = new UnsentMark(channel, START);
  }

  @AfterEach
  void close() {
    if (channel != null) {
      channel.unsafe().closeForcibly();
    }
  }

  /** Sends at a rate for so long, every millisecond. */
  private void send(int bytesPerSecond, int millis) {
    for (int i = 0; i < millis; i++) {
      now += MILLI;
      mark.sent(bytesPerSecond / 1_000, now);
    }
  }

  private int kibibytes() {
    return (int) (channel.config().getOption(EpollChannelOption.TCP_NOTSENT_LOWAT) >> 10);
  }

  @ParameterizedTest(name = "{0} bytes a second: {1} KiB")
  @CsvSource({
    "0, 32",
    "100000, 32",
    "3000000, 32",
    "6500000, 32", // not quite 64 KiB in 10 ms
    "6600000, 64",
    "13000000, 64",
    "13200000, 128",
    "1000000000, 128"
  })
  void it_is_what_the_link_sends_in_10_ms_within_bounds(int bytesPerSecond, int kibibytes) {
    send(bytesPerSecond, 300);
    assertThat(kibibytes()).isEqualTo(kibibytes);
  }

  @Test
  void it_follows_the_rate_both_ways_once_that_is_measured() {
    send(20_000_000, 99);
    assertThat(kibibytes()).as("before a tenth of a second").isEqualTo(32);
    send(20_000_000, 1);
    assertThat(kibibytes()).isEqualTo(128);
    send(1_000_000, 99);
    assertThat(kibibytes()).isEqualTo(128);
    send(1_000_000, 1);
    assertThat(kibibytes()).isEqualTo(32);
  }

  @Test
  void a_link_that_rested_begins_anew() {
    send(20_000_000, 100);
    now += 10_000 * MILLI;
    mark.sent(100_000, now);
    assertThat(kibibytes()).isEqualTo(32);
  }

  @Test
  void where_there_is_no_such_mark_or_no_socket_any_more_nothing_happens() {
    channel.unsafe().closeForcibly();
    assertThatCode(() -> send(20_000_000, 200)).doesNotThrowAnyException();
    mark = new UnsentMark(new EmbeddedChannel(), now);
    assertThatCode(() -> send(20_000_000, 200)).doesNotThrowAnyException();
  }
}
