package org.spate.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.MonitorInstruction;
import java.util.List;

/** Finds {@code synchronized} blocks, which ArchUnit does not see, in the bytes of a class. */
final class SynchronizedBlocks {
  private SynchronizedBlocks() {}

  /** The methods of a class that enter a monitor, as {@code Class.method}. */
  static List<String> in(JavaClass type) {
    try (var in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
      return in(type.getName(), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> in(String className, byte[] classFile) {
    ClassModel model = ClassFile.of().parse(classFile);
    return model.methods().stream()
        .filter(SynchronizedBlocks::entersMonitor)
        .map(method -> className + "." + method.methodName().stringValue())
        .toList();
  }

  private static boolean entersMonitor(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .anyMatch(e -> e instanceof MonitorInstruction m && m.opcode() == Opcode.MONITORENTER);
  }
}
