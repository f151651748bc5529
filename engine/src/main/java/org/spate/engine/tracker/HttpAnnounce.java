package org.spate.engine.tracker;

import java.net.InetAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.HttpResponseReader;
import org.spate.core.announce.HttpTarget;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.TrackerResponse;
import org.spate.core.announce.TrackerUrl;
import org.spate.engine.net.Loop;

/** One announce to an HTTP tracker, over as many redirects as are reasonable. */
final class HttpAnnounce {
  private static final int REDIRECTS_MAX = 5;

  private final TrackerClient client;
  private final AnnounceRequest request;
  private final Loop loop;
  private final Consumer<TrackerResponse> answer;
  private TrackerUrl url;
  private int redirects;
  private boolean isPublic;

  HttpAnnounce(
      TrackerClient client,
      TrackerUrl url,
      AnnounceRequest request,
      Loop loop,
      Consumer<TrackerResponse> answer) {
    this.client = client;
    this.url = url;
    this.request = request;
    this.loop = loop;
    this.answer = answer;
  }

  /** A null address is one that only a proxy knows. */
  void begin(@Nullable InetAddress address) {
    client.check(url, address, answer, () -> ask(address));
  }

  private void ask(@Nullable InetAddress address) {
    boolean isLocal = AddressPolicy.leadsInside(url, address);
    if (isPublic && isLocal) {
      answer.accept(TrackerFailure.of("redirected into the local network"));
      return;
    }
    isPublic = !isLocal;
    var target = redirects == 0 ? HttpTarget.announce(url, request) : url.target();
    client.http().get(url, address, target, loop, outcome -> onOutcome(outcome, address));
  }

  private void onOutcome(HttpOutcome outcome, @Nullable InetAddress address) {
    switch (outcome) {
      case HttpOutcome.Failed(var reason) -> answer.accept(TrackerFailure.of(reason));
      case HttpOutcome.Redirected(var location) -> redirect(location, address);
      case HttpOutcome.Answered(int status, var body) -> {
        // Some trackers refuse with a status of 4xx and say why in the body.
        boolean isBencoded = body.length > 0 && body[0] == 'd';
        answer.accept(
            status == 200 || isBencoded
                ? HttpResponseReader.announce(body)
                : TrackerFailure.of("HTTP status " + status));
      }
    }
  }

  private void redirect(String location, @Nullable InetAddress from) {
    if (++redirects > REDIRECTS_MAX) {
      answer.accept(TrackerFailure.of("too many redirects"));
      return;
    }
    TrackerUrl next;
    try {
      next = resolve(location);
    } catch (IllegalArgumentException e) {
      answer.accept(TrackerFailure.of("redirected badly: " + e.getMessage()));
      return;
    }
    if (next.isUdp() || (url.scheme().equals("https") && !next.scheme().equals("https"))) {
      // What was sent over TLS, a passkey perhaps, does not go on in the clear.
      answer.accept(TrackerFailure.of("redirected from " + url.scheme() + " to " + next.scheme()));
      return;
    }
    url = next;
    client.find(url, from, loop, answer, this::begin);
  }

  private TrackerUrl resolve(String location) {
    if (location.startsWith("/") && !location.startsWith("//")) {
      var host = url.host().indexOf(':') < 0 ? url.host() : "[" + url.host() + "]";
      return TrackerUrl.parse(url.scheme() + "://" + host + ":" + url.port() + location);
    }
    return TrackerUrl.parse(location);
  }
}
