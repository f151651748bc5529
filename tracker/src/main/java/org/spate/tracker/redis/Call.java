package org.spate.tracker.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import org.jspecify.annotations.Nullable;

/** One run of a script in the store, and who waits for it. */
abstract class Call {
  private final Script script;
  private final byte[][] keys;
  private final byte[][] arguments;
  private final long startNanos;
  private boolean isOver;

  Call(Script script, long startNanos, byte[][] keys, byte[]... arguments) {
    assert keys.length == script.keyCount;
    this.script = script;
    this.keys = keys;
    this.arguments = arguments;
    this.startNanos = startNanos;
  }

  /** It has come to an end; null if that was not the one it should be. */
  abstract void onEnd(@Nullable ScriptReply reply);

  /** Ends it, once. */
  final void end(@Nullable ScriptReply reply) {
    if (!isOver) {
      isOver = true;
      onEnd(reply);
    }
  }

  final boolean isOver() {
    return isOver;
  }

  final long startNanos() {
    return startNanos;
  }

  /** What follows the command: the script by its hash or by its text. */
  final CommandArgs<byte[], byte[]> command(boolean withText) {
    var command =
        new CommandArgs<>(ByteArrayCodec.INSTANCE)
            .add(withText ? script.text : script.hash)
            .add(keys.length);
    for (var key : keys) {
      command.addKey(key);
    }
    for (var argument : arguments) {
      command.add(argument);
    }
    return command;
  }
}
