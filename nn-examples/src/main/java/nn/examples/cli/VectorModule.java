package nn.examples.cli;

/**
 * Makes {@code jdk.incubator.vector} readable while the JVM runs.
 *
 * <p>The flag {@code --add-modules jdk.incubator.vector} does the same at start-up, but the JVM
 * then prints a warning that no other flag silences, and starts more slowly, since it cannot use
 * its archived module graph. The JDK loads the modules of its own agents late by the method that is
 * called here; the jar's manifest exports its package to us.
 */
final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /**
   * Loads the module unless the JVM has it already; to be called before any class that needs it.
   *
   * <p>On a JVM that cannot, nothing happens: the CPU backend then says which flag is missing.
   */
  static void load() {
    if (ModuleLayer.boot().findModule(NAME).isPresent()) {
      return;
    }
    try {
      Class.forName("jdk.internal.module.Modules")
          .getMethod("loadModule", String.class)
          .invoke(null, NAME);
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.getLogger(VectorModule.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot load " + NAME, e);
    }
  }
}
