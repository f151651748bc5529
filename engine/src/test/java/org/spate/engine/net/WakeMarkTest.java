package org.spate.engine.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the kernel wakes a loop, as the kernel itself tells it. */
class WakeMarkTest {
  private EpollSocketChannel channel;

  @BeforeEach
  void open() {
    assumeTrue(Epoll.isAvailable());
    channel = new EpollSocketChannel();
  }

  @AfterEach
  void close() {
    if (channel != null) {
      channel.unsafe().closeForcibly();
    }
  }

  private int bytes() {
    return channel.config().getOption(WakeMark.SO_RCVLOWAT);
  }

  @ParameterizedTest(name = "{0} bytes missing: woken for {1}")
  @CsvSource({
    "0, 1", // between blocks anything counts
    "1, 1",
    "2047, 1",
    "2048, 2048",
    "16383, 16383",
    "16384, 16384",
    "131072, 16384" // under a limit no more is read at once
  })
  void the_rest_of_a_block_is_waited_for(int missing, int woken) {
    new WakeMark(channel).await(missing);
    assertThat(bytes()).isEqualTo(woken);
  }

  @Test
  void after_the_block_anything_counts_again() {
    var mark = new WakeMark(channel);
    mark.await(12_000);
    mark.await(4_000);
    assertThat(bytes()).isEqualTo(4_000);
    mark.await(0);
    assertThat(bytes()).isEqualTo(1);
  }

  @Test
  void the_kernel_is_told_only_what_is_new() {
    var mark = new WakeMark(channel);
    mark.await(12_000);
    channel.config().setOption(WakeMark.SO_RCVLOWAT, 77);
    mark.await(12_000);
    assertThat(bytes()).isEqualTo(77);
  }

  @Test
  void over_tls_nobody_knows_what_the_socket_has_yet_to_bring() throws SSLException {
    var tls = SslContextBuilder.forClient().build().newHandler(ByteBufAllocator.DEFAULT);
    channel.pipeline().addLast(tls);
    new WakeMark(channel).await(12_000);
    assertThat(bytes()).isEqualTo(1);
  }

  @Test
  void where_there_is_no_such_mark_or_no_socket_any_more_nothing_happens() {
    var mark = new WakeMark(channel);
    channel.unsafe().closeForcibly();
    assertThatCode(() -> mark.await(12_000)).doesNotThrowAnyException();
    assertThatCode(() -> new WakeMark(new EmbeddedChannel()).await(12_000))
        .doesNotThrowAnyException();
  }
}
