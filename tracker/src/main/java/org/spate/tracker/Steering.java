package org.spate.tracker;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Which loop a swarm belongs to, and how the kernel is told: of sockets that share an address a
 * small program (classic BPF, SO_ATTACH_REUSEPORT_CBPF) chooses one for each datagram. It looks at
 * the first four bytes of the info-hash of an announce or scrape, so that nearly every datagram
 * comes to the loop that owns its swarm and nothing is handed over between threads.
 */
final class Steering {
  private static final int INSTRUCTIONS = 7;
  private static final int INSTRUCTION_BYTES = 8;
  private static final int LOAD_LENGTH = 0x80; // BPF_LD | BPF_W | BPF_LEN
  private static final int LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final int JUMP_IF_NOT_LESS = 0x35; // BPF_JMP | BPF_JGE | BPF_K
  private static final int JUMP = 0x05; // BPF_JMP | BPF_JA
  private static final int MODULO = 0x94; // BPF_ALU | BPF_MOD | BPF_K
  private static final int RETURN = 0x16; // BPF_RET | BPF_A

  /** Where BEP 15 has the first info-hash, and the transaction id in requests without one. */
  private static final int INFO_HASH_AT = 16;

  private static final int TRANSACTION_ID_AT = 12;

  private Steering() {}

  /** The loop of a swarm by the first eight bytes of its info-hash. */
  static int loopOf(long infoHashStart, int loopCount) {
    return Integer.remainderUnsigned((int) (infoHashStart >>> Integer.SIZE), loopCount);
  }

  static void attach(int socket, int loopCount) throws IOException {
    var code = LinuxSockets.memory(INSTRUCTIONS * INSTRUCTION_BYTES);
    put(code, LOAD_LENGTH, 0, 0, 0);
    put(code, JUMP_IF_NOT_LESS, 2, 0, INFO_HASH_AT + Integer.BYTES);
    put(code, LOAD_WORD, 0, 0, TRANSACTION_ID_AT);
    put(code, JUMP, 0, 0, 1);
    put(code, LOAD_WORD, 0, 0, INFO_HASH_AT);
    put(code, MODULO, 0, 0, loopCount);
    put(code, RETURN, 0, 0, 0);
    var program = LinuxSockets.memory(16); // struct sock_fprog
    program.putShort(0, (short) INSTRUCTIONS);
    program.putLong(8, LinuxSockets.addressOf(code));
    LinuxSockets.setOption(
        socket, LinuxSockets.SOL_SOCKET, LinuxSockets.SO_ATTACH_REUSEPORT_CBPF, program);
  }

  private static void put(ByteBuffer code, int operation, int ifTrue, int ifFalse, int operand) {
    code.putShort((short) operation).put((byte) ifTrue).put((byte) ifFalse).putInt(operand);
  }
}
