package org.spate.app.lab;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.metainfo.TorrentPlan;
import org.spate.core.swarm.SwarmSettings;
import org.spate.sim.Arrival;
import org.spate.sim.Fault;
import org.spate.sim.HostModel;
import org.spate.sim.NetworkModel;
import org.spate.sim.NodeClass;
import org.spate.sim.Scenario;
import org.spate.sim.TrackerModel;

/** Makes a scenario of its keys and values. */
final class ScenarioReader {
  private static final long LATENCY_NANOS = 5_000_000L;
  private static final long END_NANOS = 7 * 86_400_000_000_000L;
  private static final int PIECES_MAX = 1 << 20;

  private final Section root;
  private final Rates rates = new Rates();

  /** Of the keys at the top, which may come from the command line of somebody else. */
  private final Rates ratesAtTop = new Rates();

  private ScenarioReader(Section root) {
    this.root = root;
  }

  /** Throws {@link IllegalArgumentException} that names file and key. */
  static Scenario read(ScenarioSource source) {
    return new ScenarioReader(Section.of(source)).scenario();
  }

  private Scenario scenario() {
    String name = root.required("name", text -> text);
    long bytes = root.required("size", Values::size);
    int piece = root.value("piece-size", Values::smallSize, TorrentPlan.chosenPieceLength(bytes));
    if (Math.ceilDiv(bytes, piece) > PIECES_MAX) {
      throw root.problem("piece-size", "makes more than " + PIECES_MAX + " pieces");
    }
    var nodes = nodes();
    var faults = faults(nodes);
    long end = root.value("end", Values::nanos, END_NANOS);
    var network = network(root.section("network"));
    var host = host(root.section("host"));
    var tracker = tracker(root.section("tracker"));
    Study.KEYS.forEach(root::has);
    root.end();
    try {
      return new Scenario(name, bytes, piece, nodes, network, host, tracker, faults, end);
    } catch (IllegalArgumentException e) {
      throw root.problem("classes", String.valueOf(e.getMessage()));
    }
  }

  private List<NodeClass> nodes() {
    long latency = root.value("latency", Values::nanos, LATENCY_NANOS);
    var reader = new ClassReader(rates, latency, SettingsReader.read(root, SwarmSettings.DEFAULT));
    var classes = new ArrayList<NodeClass>();
    for (var section : root.sections("classes")) {
      var kind = reader.read(section);
      if (classes.stream().anyMatch(other -> other.name().equals(kind.name()))) {
        throw section.problem("name", "two classes are called " + kind.name());
      }
      classes.add(kind);
    }
    var population = new Population(classes);
    if (population.leechers().isEmpty()) {
      throw root.problem("classes", "nobody is there to receive the file");
    }
    population.seedUpload(rate("seed-up"));
    population.peerRates(rate("peer-up"), rate("peer-down"));
    String peers = root.text("peers");
    if (peers != null) {
      population.peers(receivers(peers));
    }
    population.classes().forEach(this::checkTrace);
    return population.classes();
  }

  private Receivers receivers(String text) {
    return root.required("peers", _ -> Receivers.parse("peers", text, ratesAtTop));
  }

  private @Nullable Long rate(String key) {
    return root.has(key) ? root.required(key, text -> ratesAtTop.positive(key, text)) : null;
  }

  private void checkTrace(NodeClass kind) {
    if (kind.arrival() instanceof Arrival.Trace(long[] times) && times.length != kind.count()) {
      throw root.problem(
          "classes",
          "%s has %d nodes, but %d times in arrive-at"
              .formatted(kind.name(), kind.count(), times.length));
    }
  }

  private List<Fault> faults(List<NodeClass> nodes) {
    var faults = new ArrayList<Fault>();
    for (var section : root.sections("faults")) {
      long at = section.value("at", Values::nanos, 0L);
      faults.add(section.required("kind", kind -> fault(kind, section, at, nodes)));
      section.end();
    }
    return faults;
  }

  private static Fault fault(String kind, Section section, long at, List<NodeClass> nodes) {
    return switch (kind) {
      case "crash" -> new Fault.Crash(nodeClass(section, nodes), count(section), at);
      case "stall" ->
          new Fault.Stall(nodeClass(section, nodes), count(section), at, duration(section));
      case "partition" -> new Fault.Partition(at, duration(section));
      case "tracker-down" -> new Fault.TrackerDown(at, duration(section));
      default -> throw Values.refusal(kind, "one of: crash, stall, partition, tracker-down");
    };
  }

  private static String nodeClass(Section section, List<NodeClass> nodes) {
    return section.required(
        "class",
        name -> {
          if (nodes.stream().noneMatch(kind -> kind.name().equals(name))) {
            throw Values.refusal(name, "the name of a class");
          }
          return name;
        });
  }

  private static int count(Section section) {
    return section.value("count", Values::positive, 1);
  }

  private static long duration(Section section) {
    return section.required("for", Values::nanosOrEver);
  }

  private static NetworkModel network(Section section) {
    var model = NetworkModel.DEFAULT;
    model = section.value("overhead", Values::flag, true) ? model : model.withoutOverhead();
    model = model.withWindowBytes(section.value("window", Values::smallSize, model.windowBytes()));
    model = model.withUnsentMax(section.value("unsent", Values::smallSize, model.unsentMax()));
    section.end();
    return model;
  }

  private static HostModel host(Section section) {
    var model = HostModel.DEFAULT;
    model =
        new HostModel(
            section.value("read-latency", Values::nanos, model.readLatencyNanos()),
            section.value("read-rate", Values::size, model.readRate()),
            section.value("hash-rate", Values::size, model.hashRate()));
    section.end();
    return model;
  }

  private static TrackerModel tracker(Section section) {
    var model = TrackerModel.DEFAULT;
    model =
        new TrackerModel(
            section.value("peers", Values::count, model.peersMax()),
            section.value("interval", ScenarioReader::wholeSeconds, model.intervalSeconds()),
            section.value("min-interval", ScenarioReader::wholeSeconds, model.minIntervalSeconds()),
            section.value("delay", Values::nanos, model.delayNanos()));
    section.end();
    return model;
  }

  private static int wholeSeconds(String text) {
    return Math.clamp(Values.nanos(text) / 1_000_000_000L, 1, Integer.MAX_VALUE);
  }
}
