package org.spate.core.announce;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are an answer, a refusal or nothing; what is understood survives another trip. */
class AnnounceFuzzTest {

  @FuzzTest
  void httpQuery(byte[] data) {
    var query = Samples.text(data);
    var url = TrackerUrl.parse("http://t.example/announce");
    if (HttpTrackerRequest.announce(query) instanceof HttpTrackerRequest.Announce announce) {
      var again = HttpTarget.announce(url, announce.request());
      assertThat(HttpTrackerRequest.announce(again.substring(again.indexOf('?') + 1)))
          .isEqualTo(new HttpTrackerRequest.Announce(announce.request(), true, false));
    }
    if (HttpTrackerRequest.scrape(query) instanceof HttpTrackerRequest.Scrape scrape) {
      var again = HttpTarget.scrape(url, scrape.infoHashes());
      assertThat(HttpTrackerRequest.scrape(again.substring(again.indexOf('?') + 1)))
          .isEqualTo(scrape);
    }
  }

  @FuzzTest
  void httpResponse(byte[] data) {
    if (HttpResponseReader.announce(data) instanceof AnnounceReply reply) {
      assertThat(reply.peers()).hasSizeLessThanOrEqualTo(HttpResponseReader.PEER_COUNT_MAX);
      var again = (AnnounceReply) HttpResponseReader.announce(HttpResponseWriter.compact(reply));
      assertThat(again.peers()).containsExactlyInAnyOrderElementsOf(reply.peers());
      assertThat(again.intervalSeconds()).isEqualTo(reply.intervalSeconds());
    }
    if (HttpResponseReader.scrape(data) instanceof ScrapeReply reply) {
      assertThat(HttpResponseReader.scrape(HttpResponseWriter.scrape(reply))).isEqualTo(reply);
    }
  }

  @FuzzTest
  void udpRequest(byte[] data) {
    var request = UdpRequest.decode(data, data.length);
    if (request != null) {
      var packet = request.encode();
      assertThat(UdpRequest.decode(packet, packet.length)).isEqualTo(request);
    }
  }

  @FuzzTest
  void udpResponse(byte[] data) {
    for (boolean v6 : new boolean[] {false, true}) {
      var response = UdpResponse.decode(data, data.length, v6);
      if (response instanceof UdpResponse.Announced
          || response instanceof UdpResponse.Scraped
          || response instanceof UdpResponse.Connected) {
        var packet = response.encode(v6);
        assertThat(UdpResponse.decode(packet, packet.length, v6).transactionId())
            .isEqualTo(response.transactionId());
      }
    }
  }

  @FuzzTest
  void trackerUrl(byte[] data) {
    try {
      var url = TrackerUrl.parse(Samples.text(data));
      assertThat(url.port()).isBetween(1, 0xFFFF);
      assertThat(url.host()).isNotEmpty().doesNotContain("\r", "\n", " ", "@", "/");
      assertThat(HttpTarget.announce(url, Samples.STARTED)).startsWith("/").doesNotContain("\n");
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }
}
