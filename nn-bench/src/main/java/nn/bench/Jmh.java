package nn.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs one benchmark in JVMs of its own.
 *
 * @param quick one JVM and short windows: a figure in two seconds or so
 * @param profiler one of JMH's, such as gc; null for none
 */
record Jmh(boolean quick, @Nullable String profiler) {
  /**
   * Beside this JVM's own options, which JMH passes on: what this JVM did itself, and JMH needs.
   */
  private static final String[] JVM_FLAGS = {
    "--add-modules=jdk.incubator.vector", "--sun-misc-unsafe-memory-access=allow"
  };

  private static final int JVMS = 3;
  private static final int WINDOWS = 5;

  /**
   * Measures.
   *
   * @param method of the benchmark class
   * @param params values of its parameters
   * @throws Failure if the benchmark fails
   */
  Windows run(Class<?> benchmark, String method, Map<String, ?> params) {
    String name = "^" + benchmark.getName().replace(".", "\\.") + "\\." + method + "$";
    ChainedOptionsBuilder builder =
        new OptionsBuilder()
            .include(name)
            .forks(quick ? 1 : JVMS)
            .warmupIterations(quick ? 1 : WINDOWS)
            .warmupTime(TimeValue.milliseconds(quick ? 150 : 400))
            .measurementIterations(WINDOWS)
            .measurementTime(TimeValue.milliseconds(quick ? 60 : 400))
            .shouldFailOnError(true)
            .jvmArgsAppend(JVM_FLAGS);
    params.forEach((key, value) -> builder.param(key, String.valueOf(value)));
    if (profiler != null) {
      builder.addProfiler(profiler);
    }
    return run(builder.build());
  }

  private static Windows run(Options options) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(text, true, StandardCharsets.UTF_8);
    try {
      var format = OutputFormatFactory.createFormatInstance(stream, VerboseMode.NORMAL);
      return Windows.of(new Runner(options, format).runSingle());
    } catch (RunnerException e) {
      throw new Failure(e, text.toString(StandardCharsets.UTF_8));
    }
  }

  /** A benchmark failed: with JMH's own output as the message. */
  static final class Failure extends IllegalStateException {
    @Serial private static final long serialVersionUID = 1;

    Failure(RunnerException cause, String output) {
      super("the benchmark failed: " + cause.getMessage() + "\n" + output, cause);
    }

    /** What went wrong at first, in one line. JMH hands over what the other JVM threw. */
    String reason() {
      Throwable reason = this;
      while (reason.getCause() != null || reason.getSuppressed().length > 0) {
        reason = reason.getCause() != null ? reason.getCause() : reason.getSuppressed()[0];
      }
      return reason.toString().lines().findFirst().orElseThrow();
    }
  }
}
