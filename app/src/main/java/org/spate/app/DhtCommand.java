package org.spate.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks the DHT: a family of commands. */
@Command(
    name = "dht",
    description = {
      "Ask the DHT, or put something into it.",
      "All of them ask as visitors: they join for the moment, answer nobody (BEP 43), and leave."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DhtPeersCommand.class,
      DhtGetCommand.class,
      DhtPutCommand.class,
      DhtSampleCommand.class
    })
final class DhtCommand implements Runnable {
  @Mixin
  @SuppressWarnings("unused") // for its --help
  private Output output;

  @Spec private CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(), "what to ask the DHT is missing: peers, get, put or sample");
  }
}
