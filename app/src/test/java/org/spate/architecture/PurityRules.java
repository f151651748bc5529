package org.spate.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** What code that only decides may use of the JDK: no I/O, threads, locks, clocks, global dice. */
final class PurityRules {
  private static final Set<String> PACKAGES =
      Set.of(
          "java.lang",
          "java.lang.annotation",
          "java.lang.invoke",
          "java.lang.runtime",
          "java.math",
          "java.nio",
          "java.nio.charset",
          "java.util",
          "java.util.function",
          "java.util.random",
          "java.util.regex",
          "java.util.stream",
          "java.util.zip",
          "org.jspecify.annotations");

  /** Single classes out of packages that are otherwise off the list. */
  private static final Set<String> CLASSES =
      Set.of(
          "java.io.ByteArrayOutputStream",
          "java.security.DigestException",
          "java.security.GeneralSecurityException",
          // Ed25519 (BEP 44) is a function of key and bytes: it draws no random numbers.
          "java.security.Key",
          "java.security.KeyFactory",
          "java.security.MessageDigest",
          "java.security.NoSuchAlgorithmException",
          "java.security.PrivateKey",
          "java.security.PublicKey",
          "java.security.Signature",
          "java.security.spec.EdECPoint",
          "java.security.spec.EdECPrivateKeySpec",
          "java.security.spec.EdECPublicKeySpec",
          "java.security.spec.KeySpec",
          "java.security.spec.NamedParameterSpec",
          "java.text.Normalizer",
          "java.text.Normalizer$Form",
          "java.time.Duration",
          "java.util.concurrent.TimeUnit",
          // HMAC, likewise.
          "javax.crypto.Mac",
          "javax.crypto.spec.SecretKeySpec");

  /** Single classes that are off, out of packages on the list. */
  private static final Set<String> FORBIDDEN_CLASSES =
      Set.of(
          "java.lang.InheritableThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.ScopedValue",
          "java.lang.Thread",
          "java.lang.ThreadGroup",
          "java.lang.ThreadLocal",
          "java.util.Calendar",
          "java.util.Date",
          "java.util.Scanner",
          "java.util.TimeZone",
          "java.util.Timer",
          "java.util.TimerTask",
          "java.util.zip.ZipFile");

  /** Methods whose answer is not a function of their arguments. */
  private static final Set<String> FORBIDDEN_METHODS =
      Set.of(
          "java.lang.Math.random",
          "java.lang.Object.notify",
          "java.lang.Object.notifyAll",
          "java.lang.Object.wait",
          "java.lang.StrictMath.random",
          "java.util.Locale.getDefault",
          "java.util.UUID.randomUUID",
          "java.util.random.RandomGenerator.getDefault",
          "java.util.random.RandomGenerator.of");

  /** The same, of any type in {@code java.util}. */
  private static final Set<String> FORBIDDEN_IN_COLLECTIONS = Set.of("parallel", "parallelStream");

  /** Where no argument means a seed out of the air. */
  private static final Set<String> FORBIDDEN_WITHOUT_ARGUMENTS =
      Set.of(
          "java.util.Random.<init>",
          "java.util.SplittableRandom.<init>",
          "java.util.random.RandomGeneratorFactory.create");

  private PurityRules() {}

  static ArchRule usesOnlyAllowedPackages(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .dependOnClassesThat(
            describe("are off the allow-list of pure code", type -> !isAllowed(type)))
        .because("code that decides is handed its time, its dice and its input");
  }

  private static boolean isAllowed(JavaClass used) {
    var type = used.getBaseComponentType();
    String name = type.getName();
    String outermost = name.replaceFirst("\\$.*", "");
    return type.isPrimitive()
        || type.getPackageName().startsWith("org.spate.core")
        || type.getPackageName().startsWith("org.spate.sim")
        || type.getPackageName().startsWith("org.spate.architecture.fixture")
        || CLASSES.contains(outermost)
        || (PACKAGES.contains(type.getPackageName()) && !FORBIDDEN_CLASSES.contains(outermost));
  }

  static ArchRule callsNothingGlobal(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .callCodeUnitWhere(isGlobal())
        .because("two runs with the same seed must be equal");
  }

  private static DescribedPredicate<JavaCall<?>> isGlobal() {
    return describe(
        "reads a clock, global dice or the environment",
        call -> {
          CodeUnitCallTarget target = call.getTarget();
          String owner = target.getOwner().getName();
          String name = owner + "." + target.getName();
          // Of System only what copies memory: the rest is clocks, streams and the environment.
          return (owner.equals("java.lang.System") && !target.getName().equals("arraycopy"))
              || FORBIDDEN_METHODS.contains(name)
              || (owner.startsWith("java.util.")
                  && FORBIDDEN_IN_COLLECTIONS.contains(target.getName()))
              || (target.getRawParameterTypes().isEmpty()
                  && FORBIDDEN_WITHOUT_ARGUMENTS.contains(name))
              || isUnseededShuffle(target);
        });
  }

  private static boolean isUnseededShuffle(CodeUnitCallTarget target) {
    return target.getFullName().equals("java.util.Collections.shuffle(java.util.List)");
  }

  static ArchRule hasNoVolatileFields(String root) {
    return noFields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(root + "..")
        .should()
        .haveModifier(JavaModifier.VOLATILE)
        .because("one thread at a time runs a machine")
        .allowEmptyShould(true);
  }

  static ArchRule hasNoSynchronizedMethods(String root) {
    return noMethods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(root + "..")
        .should()
        .haveModifier(JavaModifier.SYNCHRONIZED)
        .because("one thread at a time runs a machine")
        .allowEmptyShould(true);
  }
}
