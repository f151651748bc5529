package org.spate.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which package may know which. */
final class BorderRules {

  /** Every package of core, and the packages of core that it may use besides the root. */
  static final Map<String, Set<String>> CORE_PACKAGES = corePackages();

  private static final String NETTY = "io.netty..";

  private BorderRules() {}

  private static Map<String, Set<String>> corePackages() {
    var packages = new LinkedHashMap<String, Set<String>>();
    packages.put("bencode", Set.of());
    packages.put("metainfo", Set.of("bencode"));
    packages.put("wire", Set.of("bencode", "metainfo"));
    packages.put("swarm", Set.of("bencode", "metainfo", "wire"));
    packages.put("recording", Set.of("metainfo", "wire", "swarm"));
    // Beside the swarm, which they do not know.
    packages.put("announce", Set.of("bencode", "metainfo"));
    packages.put("tracker", Set.of("announce"));
    packages.put("tracker", Set.of("bencode", "metainfo", "announce"));
    packages.put("dht", Set.of("bencode", "metainfo"));
    packages.put("lsd", Set.of());
    packages.put("portmap", Set.of());
    packages.put("utp", Set.of("wire")); // its opaque payload
    packages.put("crypto", Set.of());
    packages.put("filter", Set.of());
    packages.put("proxy", Set.of());
    packages.put("webseed", Set.of("bencode", "metainfo", "announce"));
    return packages;
  }

  /** A package of core knows the root and the packages below it, nothing else of core. */
  static ArchRule keepsItsPlace(String root, String name, Set<String> below) {
    var allowed =
        Stream.concat(Stream.of(root, root + "." + name), below.stream().map(p -> root + "." + p))
            .toList();
    return noClasses()
        .that()
        .resideInAPackage(root + "." + name)
        .should()
        .dependOnClassesThat(
            describe(
                "are in packages of core other than " + allowed,
                type -> isWithin(type, root) && !allowed.contains(type.getPackageName())))
        .allowEmptyShould(true);
  }

  /** The vocabulary in core's root package is below everything. */
  static ArchRule rootKnowsNoFeature(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(root + ".*..")
        .allowEmptyShould(true);
  }

  static ArchRule hasNoUnknownPackage(String root, Set<String> known) {
    var allowed = Stream.concat(Stream.of(root), known.stream().map(p -> root + "." + p)).toList();
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .resideInAnyPackage(allowed.toArray(String[]::new));
  }

  /** No package knows one that, by whatever way, knows it. */
  static ArchRule isFreeOfCycles(String root) {
    return slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public String getDescription() {
                return "packages of " + root;
              }

              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return isWithin(type, root)
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
              }
            })
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true);
  }

  /** Netty is the engine's and the tracker's own affair. */
  static ArchRule nettyStaysWithin(List<String> roots, String everything) {
    return noClasses()
        .that()
        .resideInAPackage(everything + "..")
        .and()
        .resideOutsideOfPackages(roots.stream().map(r -> r + "..").toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(NETTY);
  }

  /** Nothing that a user of a package can name leads to a type of Netty. */
  static ArchRule apiIsFreeOfNetty(String apiPackage) {
    return classes()
        .that()
        .resideInAPackage(apiPackage)
        .and()
        .arePublic()
        .should(
            new ArchCondition<JavaClass>("not show Netty in signatures") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                shownTypes(type)
                    .filter(Predicates.resideInAPackage(NETTY))
                    .map(t -> type.getName() + " shows " + t.getName())
                    .distinct()
                    .forEach(text -> events.add(SimpleConditionEvent.violated(type, text)));
              }
            })
        .allowEmptyShould(true);
  }

  private static Stream<JavaClass> shownTypes(JavaClass type) {
    var parents = Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream());
    var fields =
        type.getFields().stream()
            .filter(f -> isShown(f.getModifiers()))
            .flatMap(f -> f.getType().getAllInvolvedRawTypes().stream());
    var codeUnits =
        type.getCodeUnits().stream()
            .filter(c -> isShown(c.getModifiers()))
            .flatMap(BorderRules::signature);
    return Stream.of(parents, fields, codeUnits).flatMap(s -> s);
  }

  private static Stream<JavaClass> signature(JavaCodeUnit unit) {
    return Stream.of(
            unit.getReturnType().getAllInvolvedRawTypes().stream(),
            unit.getParameterTypes().stream().flatMap(p -> p.getAllInvolvedRawTypes().stream()),
            unit.getExceptionTypes().stream())
        .flatMap(s -> s);
  }

  private static boolean isShown(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static boolean isWithin(JavaClass type, String root) {
    return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
  }

  /** The outermost classes that ask what time it is by a clock that may be set. */
  static Set<String> readersOfWallClocks(JavaClasses classes) {
    var readers = new TreeSet<String>();
    for (var type : classes) {
      for (var call : type.getMethodCallsFromSelf()) {
        var owner = call.getTargetOwner().getName();
        boolean isNow = owner.startsWith("java.time.") && call.getName().equals("now");
        if (isNow || call.getName().equals("currentTimeMillis")) {
          readers.add(owner(type));
        }
      }
      for (var call : type.getConstructorCallsFromSelf()) {
        if (call.getTargetOwner().getName().equals("java.util.Date")) {
          readers.add(owner(type));
        }
      }
    }
    return readers;
  }

  /** The outermost classes that roll dice of which the next number can be told from the last. */
  static Set<String> rollersOfGuessableDice(JavaClasses classes) {
    var dice = Set.of("java.util.Random", "java.util.SplittableRandom");
    var global = Set.of("java.util.concurrent.ThreadLocalRandom", "java.lang.Math");
    var rollers = new TreeSet<String>();
    for (var type : classes) {
      for (var call : type.getConstructorCallsFromSelf()) {
        if (dice.contains(call.getTargetOwner().getName())) {
          rollers.add(owner(type));
        }
      }
      for (var call : type.getMethodCallsFromSelf()) {
        var name = call.getName();
        boolean isGlobal = name.equals("current") || name.equals("random");
        if (isGlobal && global.contains(call.getTargetOwner().getName())) {
          rollers.add(owner(type));
        }
      }
    }
    return rollers;
  }

  private static String owner(JavaClass type) {
    return type.getName().startsWith("org.spate.architecture")
        ? type.getName()
        : type.getName().replaceFirst("\\$.*", "");
  }
}
