package org.spate.tracker.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.spate.core.tracker.Count;
import org.spate.tracker.Operations;
import tools.jackson.databind.json.JsonMapper;

/** The numbers of this moment. */
final class StatisticsResource {
  private static final Path PROCESS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final long KIBIBYTE = 1_024;

  private final Operations operations;

  StatisticsResource(Operations operations) {
    this.operations = operations;
  }

  AdminReply all(AdminRequest request) {
    if (!request.method().equals("GET")) {
      return AdminApi.notAllowed("GET");
    }
    var numbers = operations.statistics();
    var held = numbers.holdings();
    var json =
        JsonMapper.shared()
            .createObjectNode()
            .put("uptime_seconds", numbers.uptimeSeconds())
            .put("torrents", held.torrents())
            .put("peers", held.peers())
            .put("seeds", held.seeds())
            .put("leechers", held.leechers())
            .put("peers_ipv4", held.v4())
            .put("peers_ipv6", held.v6());
    operations.accountCount().ifPresent(count -> json.put("accounts", count));
    var runtime = Runtime.getRuntime();
    json.putObject("memory")
        .put("heap_used_bytes", runtime.totalMemory() - runtime.freeMemory())
        .put("heap_max_bytes", runtime.maxMemory())
        .put("resident_bytes", residentBytes());
    var counters = json.putObject("counters");
    for (var count : Count.values()) {
      counters.put(count.label(), numbers.counts().getOrDefault(count, 0L));
    }
    return AdminReply.json(200, json);
  }

  /** By the kernel; 0 where it does not say. */
  private static long residentBytes() {
    try {
      for (var line : Files.readAllLines(PROCESS)) {
        if (line.startsWith(RESIDENT)) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBIBYTE;
        }
      }
    } catch (IOException e) {
      return 0; // another system
    }
    return 0;
  }
}
