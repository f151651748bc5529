package org.spate.tracker;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The system calls for sockets of Linux that Java does not offer: several datagrams at a time, and
 * connections that are over before anybody has waited for them. Memory is direct buffers, and goes
 * to the calls by its address.
 */
@SuppressWarnings("restricted") // to call the system is what it is for
final class LinuxSockets {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int SO_RCVBUF = 8;
  static final int SO_REUSEPORT = 15;
  static final int SO_ATTACH_REUSEPORT_CBPF = 51;
  static final int IPPROTO_TCP = 6;
  static final int TCP_DEFER_ACCEPT = 9;
  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_V6ONLY = 26;

  private static final int SOCK_STREAM = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x8_0000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_MORE = 0x8000;
  private static final int SO_TYPE = 3;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final MemoryLayout ERRNO = Linker.Option.captureStateLayout();

  private static final MethodHandle SOCKET = withErrno("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = withErrno("bind", JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      withErrno("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle GETSOCKOPT =
      withErrno("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle FCNTL =
      LINKER.downcallHandle(
          LIBC.findOrThrow("fcntl"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle GETSOCKNAME =
      withErrno("getsockname", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle LISTEN = withErrno("listen", JAVA_INT, JAVA_INT);
  private static final MethodHandle ACCEPT4 =
      plain("accept4", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECV = streaming("recv");
  private static final MethodHandle SEND = streaming("send");
  private static final MethodHandle CLOSE = plain("close", JAVA_INT);
  private static final MethodHandle RECVMMSG =
      plain("recvmmsg", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle SENDMMSG =
      plain("sendmmsg", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(LIBC.findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private LinuxSockets() {}

  /** Whether this is a Linux whose structures are laid out as this class knows them. */
  static boolean areAvailable() {
    return System.getProperty("os.name").equals("Linux")
        && ADDRESS.byteSize() == Long.BYTES
        && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  }

  private static MethodHandle plain(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LIBC.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /** {@code ssize_t (int, void *, size_t, int)}. */
  private static MethodHandle streaming(String name) {
    return LINKER.downcallHandle(
        LIBC.findOrThrow(name),
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  }

  private static MethodHandle withErrno(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LIBC.findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** A call that fails with a reason. */
  private interface Call {
    int with(MemorySegment errno) throws Throwable;
  }

  private static int checked(Call call) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var errno = arena.allocate(ERRNO);
      int result = call.with(errno);
      if (result < 0) {
        throw new IOException(message(errno.get(JAVA_INT, 0)));
      }
      return result;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a method handle has no other exceptions", e);
    }
  }

  /** A socket for datagrams, or for connections, that never blocks. */
  static int open(int family, boolean isForDatagrams) throws IOException {
    int kind = isForDatagrams ? SOCK_DGRAM : SOCK_STREAM;
    int type = kind | SOCK_NONBLOCK | SOCK_CLOEXEC;
    return checked(errno -> (int) SOCKET.invokeExact(errno, family, type, 0));
  }

  static void bind(int socket, ByteBuffer address, int length) throws IOException {
    checked(errno -> (int) BIND.invokeExact(errno, socket, addressOf(address), length));
  }

  static void listen(int socket, int backlog) throws IOException {
    checked(errno -> (int) LISTEN.invokeExact(errno, socket, backlog));
  }

  static void setOption(int socket, int level, int option, int value) throws IOException {
    var buffer = memory(Integer.BYTES).putInt(0, value);
    setOption(socket, level, option, buffer);
  }

  static void setOption(int socket, int level, int option, ByteBuffer value) throws IOException {
    int length = value.capacity();
    checked(
        errno ->
            (int) SETSOCKOPT.invokeExact(errno, socket, level, option, addressOf(value), length));
  }

  /** Whether a socket is one for datagrams, and not for connections. */
  static boolean isForDatagrams(int socket) throws IOException {
    var type = memory(Integer.BYTES);
    var length = memory(Integer.BYTES).putInt(0, Integer.BYTES);
    checked(
        errno ->
            (int)
                GETSOCKOPT.invokeExact(
                    errno, socket, SOL_SOCKET, SO_TYPE, addressOf(type), addressOf(length)));
    return type.getInt(0) == SOCK_DGRAM;
  }

  /** Makes a call return at once where it would wait. */
  static void neverBlock(int socket) throws IOException {
    int flags = checked(errno -> (int) FCNTL.invokeExact(errno, socket, F_GETFL, 0));
    checked(errno -> (int) FCNTL.invokeExact(errno, socket, F_SETFL, flags | SOCK_NONBLOCK));
  }

  /** Writes the address that a socket is bound to. */
  static void name(int socket, ByteBuffer address) throws IOException {
    var length = memory(Integer.BYTES).putInt(0, address.capacity());
    checked(
        errno ->
            (int) GETSOCKNAME.invokeExact(errno, socket, addressOf(address), addressOf(length)));
  }

  private static String message(int errno) {
    try {
      var text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(MESSAGE_BYTES_MAX).getString(0);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static final int MESSAGE_BYTES_MAX = 1_024;

  /** Takes datagrams that are there; returns how many, negative if none. */
  static int receive(int socket, long messages, int count) {
    try {
      return (int) RECVMMSG.invokeExact(socket, messages, count, MSG_DONTWAIT, 0L);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Sends datagrams; returns how many, negative if the first cannot be sent. */
  static int send(int socket, long messages, int count) {
    try {
      return (int) SENDMMSG.invokeExact(socket, messages, count, MSG_DONTWAIT);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Takes a connection, which then never blocks, and writes where it comes from; negative if there
   * is none, or no descriptor left.
   */
  static int accept(int socket, long name, long nameLength) {
    try {
      return (int) ACCEPT4.invokeExact(socket, name, nameLength, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Takes bytes that are there; 0 at the end of the stream, negative if there are none. */
  static int read(int socket, long bytes, int length) {
    try {
      return (int) (long) RECV.invokeExact(socket, bytes, (long) length, MSG_DONTWAIT);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Sends bytes that go out with the next ones, or with the end of the connection in one segment;
   * returns how many, negative if that cannot be done.
   */
  static int sendLast(int socket, long bytes, int length) {
    int flags = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE;
    try {
      return (int) (long) SEND.invokeExact(socket, bytes, (long) length, flags);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  static void close(int socket) {
    try {
      int _ = (int) CLOSE.invokeExact(socket);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Zeroed memory outside the heap, for numbers as this machine writes them. */
  static ByteBuffer memory(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** Where a buffer is; it must stay reachable as long as this is used. */
  static long addressOf(ByteBuffer buffer) {
    return MemorySegment.ofBuffer(buffer.duplicate().clear()).address();
  }
}
