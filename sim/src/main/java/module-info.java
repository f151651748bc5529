/** The virtual world that hosts the core's machines. */
module org.spate.sim {
  requires transitive org.spate.core;
  requires static transitive org.jspecify;

  exports org.spate.sim;
}
