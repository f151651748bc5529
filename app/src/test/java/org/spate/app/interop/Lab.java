package org.spate.app.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network namespace of our own with a number of addresses on its loopback, and the programs that
 * were started in it. Each client gets an address: Transmission refuses peers in 127.0.0.0/8 and
 * takes two peers at one address for one. Nothing in it can reach the world outside.
 */
final class Lab implements AutoCloseable {
  private static final int ADDRESSES = 12;

  private final Process holder;
  private final List<Running> programs = new ArrayList<>();

  private boolean hasLan;

  private Lab(Process holder) {
    this.holder = holder;
  }

  /** Makes the namespace; as another user than root inside a user namespace. */
  static Lab open() {
    var setup = new StringBuilder("ip link set lo up");
    for (int i = 1; i <= ADDRESSES; i++) {
      setup.append(" && ip address add ").append(address(i)).append("/32 dev lo");
    }
    var command = new ArrayList<String>(List.of("unshare", "--net"));
    if (!isRoot()) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    return open(command, setup.toString());
  }

  private static Lab open(List<String> unshare, String setup) {
    // It lives until its standard input closes, and so not longer than this process.
    var command = new ArrayList<>(unshare);
    command.addAll(List.of("sh", "-c", setup + " && echo ready && exec cat"));
    try {
      var holder = new ProcessBuilder(command).redirectErrorStream(true).start();
      var line =
          new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      if (!"ready".equals(line)) {
        throw new IllegalStateException("no network namespace can be made here: " + line);
      }
      return new Lab(holder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another namespace, from where all addresses of the lab are to be had by the first network. */
  Lab island() {
    var island = another();
    join(island, 79);
    return island;
  }

  /**
   * Joins an island by one more network, 10.79.0.0/24 and fd79::/64 for 79: the lab is host 1 on
   * the interface shore79, the island host 2 on sea79. Its routes prefer the network that came
   * first.
   */
  void join(Lab island, int network) {
    var addresses =
        "ip address add 10.%1$d.0.%2$d/24 dev %3$s && ip link set %3$s up"
            + " && ip -6 address add fd%1$d::%2$d/64 dev %3$s nodad";
    var shore = "shore" + network;
    var sea = "sea" + network;
    run(
        "ip link add %s type veth peer name %s netns %d"
            .formatted(shore, sea, island.holder.pid()));
    run(addresses.formatted(network, 1, shore));
    island.run(addresses.formatted(network, 2, sea));
    island.run(
        "ip route add default via 10.%1$d.0.1 dev %2$s metric %1$d".formatted(network, sea)
            + " && ip -6 route add default via fd%1$d::1 dev %2$s metric %1$d"
                .formatted(network, sea));
  }

  /** Another namespace, without any way out. */
  Lab another() {
    var unshare = new ArrayList<>(inside());
    unshare.addAll(List.of("unshare", "--net"));
    return open(unshare, "ip link set lo up");
  }

  /** Joins two namespaces by a cable; each end is a device with an address. */
  void join(String device, String address, Lab other, String otherDevice, String otherAddress) {
    run(
        "ip link add %s type veth peer name %s netns %d"
            .formatted(device, otherDevice, other.holder.pid()));
    attach(device, address);
    other.attach(otherDevice, otherAddress);
  }

  private void attach(String device, String address) {
    run("ip address add %1$s dev %2$s && ip link set %2$s up".formatted(address, device));
  }

  /** Runs a shell command to its end, which has to be good. */
  String run(String command) {
    var running = start(Path.of("."), List.of("sh", "-c", command));
    if (running.awaitExit(10) != 0) {
      throw new IllegalStateException(command + running.tail());
    }
    return String.join("\n", running.lines());
  }

  /** The i-th address of the lab, counted from 1. */
  static String address(int i) {
    return "10.77.0." + i;
  }

  /**
   * An address in a network that has multicast, which loopback has not; the network is made when
   * the first is asked for.
   */
  String lanAddress(int i) {
    if (!hasLan) {
      hasLan = true;
      var setup = new StringBuilder("ip link add lan type veth peer name lan-end");
      setup.append(" && ip link set lan multicast on up && ip link set lan-end up");
      for (int address = 1; address <= ADDRESSES; address++) {
        setup.append(" && ip address add 10.78.0.").append(address).append("/24 dev lan");
        setup.append(" && ip -6 address add fd78::").append(address).append("/64 dev lan nodad");
      }
      run(setup.toString());
    }
    return "10.78.0." + i;
  }

  /** The same over IPv6. */
  String lanAddressV6(int i) {
    return lanAddress(i).replace("10.78.0.", "fd78::");
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Starts a program in the namespace; its output is kept line by line. */
  Running start(Path workingFolder, List<String> command) {
    return start(workingFolder, command, Map.of());
  }

  Running start(Path workingFolder, List<String> command, Map<String, String> environment) {
    var full = new ArrayList<>(inside());
    full.addAll(command);
    var builder = new ProcessBuilder(full).directory(workingFolder.toFile());
    builder.environment().putAll(environment);
    builder.environment().remove("http_proxy");
    var running = Running.start(builder, programs);
    programs.add(running);
    return running;
  }

  private List<String> inside() {
    var command = new ArrayList<String>(List.of("nsenter", "--net", "-t", "" + holder.pid()));
    if (!isRoot()) {
      command.addAll(List.of("--user", "--preserve-credentials"));
    }
    command.add("--");
    return command;
  }

  @Override
  public void close() {
    programs.forEach(Running::kill);
    holder.destroyForcibly();
  }
}
