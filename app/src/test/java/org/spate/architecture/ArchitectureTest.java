package org.spate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.architecture.fixture.Impure;
import org.spate.architecture.fixture.engine.ShowsNetty;
import org.spate.core.Hash160;

/** The borders of the design, as they stand in the classes; and proof that each rule can fail. */
class ArchitectureTest {
  private static final String FIXTURE = "org.spate.architecture.fixture";

  private static final JavaClasses SPATE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.spate");

  private static final JavaClasses CORE_FIXTURE =
      new ClassFileImporter().importPackages(FIXTURE + ".core");

  @TestFactory
  Stream<DynamicTest> core_and_sim_only_decide() {
    return Stream.of("org.spate.core", "org.spate.sim")
        .flatMap(
            root -> Stream.concat(purity(root).map(rule -> holds(rule, SPATE)), monitorFree(root)));
  }

  @TestFactory
  Stream<DynamicTest> packages_of_core_know_only_those_below_them() {
    String root = "org.spate.core";
    return Stream.concat(
            BorderRules.CORE_PACKAGES.entrySet().stream()
                .map(e -> BorderRules.keepsItsPlace(root, e.getKey(), e.getValue())),
            Stream.of(
                BorderRules.rootKnowsNoFeature(root),
                BorderRules.hasNoUnknownPackage(root, BorderRules.CORE_PACKAGES.keySet())))
        .map(rule -> holds(rule, SPATE));
  }

  @Test
  void the_module_of_core_exports_every_package() throws IOException {
    URL moduleInfo = URI.create(coreRoot() + "module-info.class").toURL();
    try (var in = moduleInfo.openStream()) {
      var exported = ModuleDescriptor.read(in).exports().stream().map(Exports::source).toList();
      var packages =
          SPATE.stream()
              .map(JavaClass::getPackageName)
              .filter(name -> name.startsWith("org.spate.core"))
              // A package that holds no class yet cannot be exported.
              .filter(name -> !isEmpty(name))
              .distinct()
              .toList();
      assertThat(exported).containsExactlyInAnyOrderElementsOf(packages);
    }
  }

  /** Where core's classes lie: a folder or the inside of a jar, with a slash at the end. */
  private static String coreRoot() {
    String hash = SPATE.get(Hash160.class).getSource().orElseThrow().getUri().toString();
    return hash.substring(0, hash.indexOf("org/spate/core/"));
  }

  private static boolean isEmpty(String packageName) {
    return SPATE.stream()
        .filter(type -> type.getPackageName().equals(packageName))
        .allMatch(type -> type.getSimpleName().equals("package-info"));
  }

  @TestFactory
  Stream<DynamicTest> packages_form_no_cycle() {
    return Stream.of("core", "engine", "tracker", "sim", "app")
        .map(module -> holds(BorderRules.isFreeOfCycles("org.spate." + module), SPATE));
  }

  @TestFactory
  Stream<DynamicTest> netty_stays_in_engine_and_tracker_and_out_of_the_api() {
    return Stream.of(
            BorderRules.nettyStaysWithin(
                List.of("org.spate.engine", "org.spate.tracker"), "org.spate"),
            BorderRules.apiIsFreeOfNetty("org.spate.engine"))
        .map(rule -> holds(rule, SPATE));
  }

  /**
   * Clocks that people set jump (threat 75): they are read for dates to show, and for the age of
   * what outlived its process, and until when a signed URL is good.
   */
  @Test
  void nothing_that_decides_reads_a_clock_that_jumps() {
    var allowed =
        List.of(
            "org.spate.engine.Tally",
            "org.spate.app.CreateCommand",
            "org.spate.app.demo.JsonDemoReport",
            "org.spate.app.transfer.JsonReport",
            "org.spate.app.TrackerSignCommand",
            "org.spate.tracker.TrackerLoop",
            "org.spate.tracker.AccountFile",
            "org.spate.tracker.SnapshotFile");
    var readers = BorderRules.readersOfWallClocks(SPATE);
    assertThat(readers).isNotEmpty();
    assertThat(allowed).containsAll(readers);
    assertThat(
            BorderRules.readersOfWallClocks(
                new ClassFileImporter().importClasses(Impure.ReadsWallClock.class)))
        .contains(Impure.ReadsWallClock.class.getName());
  }

  /**
   * Tokens, transaction ids, sequence numbers and the like must not be guessed (threat 70): where
   * there is a network all dice are secure, but for those that decide and name nothing.
   */
  @Test
  void no_dice_that_face_a_network_can_be_guessed() {
    var networked =
        SPATE.that(
            DescribedPredicate.describe(
                "face a network",
                type ->
                    type.getPackageName().startsWith("org.spate.engine")
                        || type.getPackageName().startsWith("org.spate.tracker")));
    assertThat(BorderRules.rollersOfGuessableDice(networked))
        .containsExactly(
            "org.spate.engine.SwarmMaker",
            "org.spate.tracker.Tracker",
            "org.spate.tracker.redis.RedisStores");
    assertThat(
            BorderRules.rollersOfGuessableDice(
                new ClassFileImporter()
                    .importClasses(
                        Impure.UsesThreadLocalRandom.class,
                        Impure.RollsMathRandom.class,
                        Impure.RollsUnseededRandom.class,
                        Impure.RollsUnseededSplittable.class)))
        .hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Impure.UsesFiles.class,
        Impure.UsesChannels.class,
        Impure.UsesNetwork.class,
        Impure.UsesIoException.class,
        Impure.UsesThread.class,
        Impure.UsesThreadLocal.class,
        Impure.UsesTimer.class,
        Impure.UsesLock.class,
        Impure.UsesConcurrentMap.class,
        Impure.UsesThreadLocalRandom.class,
        Impure.UsesSecureRandom.class,
        Impure.UsesClock.class
      })
  void the_allow_list_catches(Class<?> impure) {
    assertFails(PurityRules.usesOnlyAllowedPackages(FIXTURE), impure);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Impure.ReadsNanoTime.class,
        Impure.ReadsWallClock.class,
        Impure.ReadsEnvironment.class,
        Impure.RollsMathRandom.class,
        Impure.RollsUnseededRandom.class,
        Impure.RollsUnseededSplittable.class,
        Impure.RollsDefaultGenerator.class,
        Impure.RollsUnseededFactory.class,
        Impure.ShufflesWithoutGenerator.class,
        Impure.MakesUuid.class,
        Impure.RunsInParallel.class
      })
  void the_rule_about_global_state_catches(Class<?> impure) {
    assertFails(PurityRules.callsNothingGlobal(FIXTURE), impure);
  }

  @Test
  void the_rules_about_locks_catch_each_kind() {
    assertFails(PurityRules.hasNoVolatileFields(FIXTURE), Impure.HasVolatileField.class);
    assertFails(PurityRules.hasNoSynchronizedMethods(FIXTURE), Impure.HasSynchronizedMethod.class);
    assertThat(
            SynchronizedBlocks.in(
                new ClassFileImporter().importClass(Impure.HasSynchronizedBlock.class)))
        .containsExactly(Impure.HasSynchronizedBlock.class.getName() + ".count");
  }

  static Set<String> corePackages() {
    return BorderRules.CORE_PACKAGES.keySet();
  }

  @ParameterizedTest
  @MethodSource("corePackages")
  void the_rule_about_core_packages_catches_a_breach_in(String name) {
    var rule =
        BorderRules.keepsItsPlace(FIXTURE + ".core", name, BorderRules.CORE_PACKAGES.get(name));
    assertThat(rule.evaluate(CORE_FIXTURE).hasViolation()).isTrue();
  }

  @Test
  void the_rules_about_roots_strangers_and_cycles_can_fail() {
    String root = FIXTURE + ".core";
    assertThat(BorderRules.rootKnowsNoFeature(root).evaluate(CORE_FIXTURE).hasViolation()).isTrue();
    assertThat(
            BorderRules.hasNoUnknownPackage(root, corePackages())
                .evaluate(CORE_FIXTURE)
                .hasViolation())
        .isTrue();
    assertThat(BorderRules.isFreeOfCycles(root).evaluate(CORE_FIXTURE).hasViolation()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ShowsNetty.ByParent.class,
        ShowsNetty.ByField.class,
        ShowsNetty.ByResult.class,
        ShowsNetty.ByTypeArgument.class,
        ShowsNetty.ByParameter.class,
        ShowsNetty.ByConstructor.class
      })
  void the_rules_about_netty_catch(Class<?> leak) {
    assertFails(BorderRules.apiIsFreeOfNetty(FIXTURE + ".engine"), leak);
    assertFails(BorderRules.nettyStaysWithin(List.of("org.spate.engine"), FIXTURE), leak);
  }

  @Test
  void netty_may_stand_in_what_an_api_hides() {
    var classes = new ClassFileImporter().importClasses(ShowsNetty.InPrivate.class);
    BorderRules.apiIsFreeOfNetty(FIXTURE + ".engine").check(classes);
  }

  private static Stream<ArchRule> purity(String root) {
    return Stream.of(
        PurityRules.usesOnlyAllowedPackages(root),
        PurityRules.callsNothingGlobal(root),
        PurityRules.hasNoVolatileFields(root),
        PurityRules.hasNoSynchronizedMethods(root));
  }

  private static Stream<DynamicTest> monitorFree(String root) {
    var monitors =
        SPATE.stream()
            .filter(type -> type.getPackageName().startsWith(root))
            .flatMap(type -> SynchronizedBlocks.in(type).stream());
    return Stream.of(
        DynamicTest.dynamicTest(
            "no synchronized block in " + root, () -> assertThat(monitors).isEmpty()));
  }

  private static DynamicTest holds(ArchRule rule, JavaClasses classes) {
    return DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(classes));
  }

  private static void assertFails(ArchRule rule, Class<?> offender) {
    var result = rule.evaluate(new ClassFileImporter().importClasses(offender));
    assertThat(result.hasViolation()).as(rule.getDescription()).isTrue();
  }
}
