package org.spate.app;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the script that completes commands and options in bash and zsh. */
@Command(
    name = "completion",
    description = {
      "Print a completion script for bash and zsh.",
      "Use it with: source <(spate completion)"
    })
final class CompletionCommand implements Runnable {
  @Mixin private Output output;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    var program = spec.root().commandLine();
    output.out().print(AutoComplete.bash("spate", program));
  }
}
