package org.spate.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.swarm.CloseReason;
import org.spate.core.swarm.SwarmInput;
import org.spate.core.webseed.WebSeedPlan.Style;
import org.spate.core.wire.PeerMessage;
import org.spate.engine.net.Loop;
import org.spate.engine.net.Throttle;
import org.spate.engine.web.WebClient;
import org.spate.engine.web.WebSeed;

/** The web seeds of one torrent, which stand beside its links. On the torrent's loop. */
final class WebSources {
  private static final Logger LOG = LoggerFactory.getLogger(WebSources.class);

  /** A server to be asked. */
  private record Source(String url, Style style, boolean isUsers) {}

  private final WebClient client;
  private final Metainfo metainfo;
  private final List<Source> sources = new ArrayList<>();
  private final Map<Integer, WebSeed> open = new LinkedHashMap<>();

  /**
   * @param users URLs that the user has named for this torrent, beside its own
   */
  WebSources(WebClient client, Metainfo metainfo, List<String> users) {
    this.client = client;
    this.metainfo = metainfo;
    users.forEach(url -> sources.add(new Source(url, Style.FILES, true)));
    metainfo.webSeeds().forEach(url -> sources.add(new Source(url, Style.FILES, false)));
    metainfo.httpSeeds().forEach(url -> sources.add(new Source(url, Style.PIECES, false)));
  }

  /** Offers all that have not been given up to the swarm, which has just begun. */
  void begin(SwarmDriver<?> driver) {
    for (var source : List.copyOf(sources)) {
      int number = driver.nextLink();
      try {
        var owner = new Owner(number, source, driver);
        var seed = new WebSeed(source.url, source.style, source.isUsers, metainfo, client, owner);
        open.put(number, seed);
        driver.accept(new SwarmInput.WebSeedOpened(number, source.url));
      } catch (IllegalArgumentException e) {
        LOG.info("web seed is not used: {}", e.getMessage());
        sources.remove(source);
      }
    }
  }

  /** False if it is for none of them. */
  boolean send(int number, PeerMessage message) {
    var seed = open.get(number);
    if (seed != null) {
      seed.send(message);
    }
    return seed != null;
  }

  void close(int number) {
    var seed = open.remove(number);
    if (seed != null) {
      seed.close();
    }
  }

  void closeAll() {
    List.copyOf(open.keySet()).forEach(this::close);
  }

  private final class Owner implements WebSeed.Owner {
    private final int number;
    private final Source source;
    private final SwarmDriver<?> driver;

    Owner(int number, Source source, SwarmDriver<?> driver) {
      this.number = number;
      this.source = source;
      this.driver = driver;
    }

    @Override
    public Loop loop() {
      return driver.loop();
    }

    @Override
    public Throttle throttle() {
      return driver.downThrottle();
    }

    @Override
    public boolean isPressed() {
      return driver.isPressed();
    }

    @Override
    public void delivered(PeerMessage.Piece block) {
      if (open.containsKey(number)) {
        driver.accept(new SwarmInput.MessageReceived(number, block));
      } else {
        block.block().release();
      }
    }

    @Override
    public void failed(String reason, int retryAfterSeconds) {
      driver.accept(new SwarmInput.WebSeedFailed(number, reason, retryAfterSeconds));
    }

    @Override
    public void gaveUp(String reason) {
      LOG.info("web seed is given up: {}", reason);
      sources.remove(source);
      close(number);
      driver.accept(new SwarmInput.LinkClosed(number, CloseReason.REMOTE));
    }
  }
}
