package org.spate.app;

import picocli.CommandLine.IVersionProvider;

/** Which Spate this is: what the build wrote into the jar. */
final class Version implements IVersionProvider {

  /** The version, or {@code development} when run from class files. */
  static String name() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"spate " + name()};
  }
}
