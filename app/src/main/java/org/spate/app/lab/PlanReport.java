package org.spate.app.lab;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.spate.app.chart.HtmlPage;
import tools.jackson.core.JsonGenerator;

/** A plan as a table for people, as JSON for programs, as a page. */
public record PlanReport(Plan plan) {

  public void write(PrintWriter out) {
    out.println(plan.summary());
    out.println();
    new Table(times()).write(out);
    out.println();
    new Table(facts()).write(out);
  }

  public String html() {
    return new HtmlPage("Distribution plan")
        .paragraph(plan.summary())
        .heading("How long it takes")
        .table(times())
        .heading("Over the number of receivers")
        .drawings(List.of(plan.figure()))
        .heading("More")
        .table(facts())
        .html();
  }

  private List<List<String>> times() {
    var bounds = plan.bounds();
    double swarm = bounds.peerToPeerSeconds();
    return List.of(
        List.of("", "time", "over D_P2P"),
        row("server alone (D_CS)", bounds.clientServerSeconds(), swarm),
        row("swarm (D_P2P)", swarm, swarm),
        row("swarm, whole pieces", bounds.pieceAwareBound(), swarm));
  }

  private static List<String> row(String name, double seconds, double swarm) {
    return List.of(name, Words.time(seconds), Words.number(seconds / swarm, 3));
  }

  private List<List<String>> facts() {
    var bounds = plan.bounds();
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("", ""));
    rows.add(List.of("D_P2P is set by", Plan.termInWords(bounds.bindingTerm())));
    rows.add(List.of("crossover", crossover(plan.crossover())));
    rows.add(
        List.of(
            "the server sends",
            "%s alone, %s in a swarm: %s saved"
                .formatted(
                    Words.sum(plan.serverBytes()),
                    Words.size(bounds.fileBytes()),
                    Words.sum(bounds.serverBytesSaved()))));
    if (plan.pricePerGb() > 0) {
      rows.add(
          List.of(
              "which costs",
              "%s alone, %s in a swarm: %s saved"
                  .formatted(
                      Words.dollars(plan.costAlone()),
                      Words.dollars(plan.costInSwarm()),
                      Words.dollars(plan.costAlone() - plan.costInSwarm()))));
    }
    return rows;
  }

  private static String crossover(OptionalLong peers) {
    if (peers.isEmpty()) {
      return "none: a swarm is never faster";
    }
    long count = peers.getAsLong();
    return "a swarm is faster from " + (count == 1 ? "1 peer on" : count + " peers on");
  }

  /** Keys keep their meaning; units are in their names. */
  public void write(JsonGenerator json) {
    var bounds = plan.bounds();
    json.writeNumberProperty("size", bounds.fileBytes());
    json.writeNumberProperty("piece_size", bounds.pieceLength());
    json.writeNumberProperty("num_pieces", plan.pieces());
    json.writeNumberProperty("peers", bounds.peerCount());
    json.writeNumberProperty("seed_up", bounds.seedUpload());
    json.writeArrayPropertyStart("classes");
    for (var group : plan.classes()) {
      json.writeStartObject();
      json.writeNumberProperty("count", group.count());
      json.writeNumberProperty("up", group.upload());
      json.writeNumberProperty("down", group.download());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberProperty("d_cs_s", bounds.clientServerSeconds());
    json.writeNumberProperty("d_p2p_s", bounds.peerToPeerSeconds());
    json.writeStringProperty("binding_term", Plan.termName(bounds.bindingTerm()));
    json.writeNumberProperty("piece_aware_bound_s", bounds.pieceAwareBound());
    json.writeNumberProperty("speed_up", plan.speedUp());
    if (plan.crossover().isPresent()) {
      json.writeNumberProperty("crossover_peers", plan.crossover().getAsLong());
    } else {
      json.writeNullProperty("crossover_peers");
    }
    json.writeNumberProperty("server_bytes", plan.serverBytes());
    json.writeNumberProperty("saved_bytes", bounds.serverBytesSaved());
    if (plan.pricePerGb() > 0) {
      json.writeNumberProperty("price_usd_per_gb", plan.pricePerGb());
      json.writeNumberProperty("server_usd", plan.costAlone());
      json.writeNumberProperty("swarm_usd", plan.costInSwarm());
      json.writeNumberProperty("saved_usd", plan.costAlone() - plan.costInSwarm());
    }
  }
}
