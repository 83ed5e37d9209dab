package nn.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.BackendProvider;
import nn.backend.Device;
import nn.backend.Probe;

/**
 * Offers the CPU backend where the JVM has what it takes. Names no class of the vector module in
 * its signatures, so that it can say so where the module is missing.
 */
public final class CpuProvider implements BackendProvider {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final int JAVA_FEATURE = 25;
  private static final int LEAST_BITS = 128;

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public int score() {
    return 50;
  }

  @Override
  public Probe probe() {
    return probe(new BackendOptions(0));
  }

  /** Asks in the order in which one answer depends on another. */
  private Probe probe(BackendOptions options) {
    int feature = Runtime.version().feature();
    if (feature < JAVA_FEATURE) {
      return Probe.unusable(
          "this is Java " + feature, "Run with Java " + JAVA_FEATURE + " or later.");
    }
    if (!hasVectorModule()) {
      return Probe.unusable(
          "the module " + VECTOR_MODULE + " is not readable",
          "Start java with --add-modules " + VECTOR_MODULE + ".");
    }
    int bits = VectorWidth.bits();
    if (bits < LEAST_BITS) {
      return Probe.unusable(
          "the processor's vectors have " + bits + " bits",
          "Use a processor with vectors of at least " + LEAST_BITS + " bits.");
    }
    return Probe.usable(device(options, bits));
  }

  /** Asks for a class: a module that was loaded after start-up is not in the boot layer. */
  private static boolean hasVectorModule() {
    try {
      Class.forName(VECTOR_MODULE + ".FloatVector", false, CpuProvider.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }

  private Device device(BackendOptions options, int bits) {
    Runtime runtime = Runtime.getRuntime();
    int threads = options.threads() == 0 ? runtime.availableProcessors() : options.threads();
    String detail = bits + "-bit vectors";
    return new Device(name(), processor(), detail, threads, runtime.maxMemory());
  }

  private static String processor() {
    String architecture = System.getProperty("os.arch", "unknown") + " processor";
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException | RuntimeException unreadable) {
      return architecture;
    }
  }

  @Override
  public Backend create(BackendOptions options) {
    Probe probe = probe(options);
    Device device = probe.device();
    if (device == null) {
      throw new IllegalStateException(
          "the cpu backend cannot run here: " + probe.reason() + ". " + probe.remedy());
    }
    CpuBackend backend = new CpuBackend(device);
    backend.warmUp();
    return backend;
  }
}
