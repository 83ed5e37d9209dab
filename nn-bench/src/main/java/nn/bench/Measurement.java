package nn.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.backend.Precision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the benchmark commands have in common: their options, and the rows they give. */
abstract class Measurement implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand parent;
  @Mixin private DeviceOptions device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Host threads, each number in turn; by default 1 and all processors.")
  private int @Nullable [] threads;

  @Option(
      names = "--quick",
      description = "One JVM and short windows for each figure, instead of three and long ones.")
  private boolean quick;

  @Option(
      names = "--prof",
      paramLabel = "NAME",
      description = "A profiler of JMH, such as gc: it counts the bytes that a step allocates.")
  private @Nullable String profiler;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the rows there too.")
  private @Nullable Path json;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description = "Draw the figures, too: a .png file.")
  private @Nullable Path chart;

  /** Measures every row. */
  abstract void measure(Bench bench);

  /** The columns of the table, as a format. */
  abstract String header();

  /** What was measured, as pictures. */
  abstract List<Figure> figures();

  /** Where a measurement runs, how exactly, and where its rows go. */
  record Bench(
      Jmh jmh, Backends.Choice choice, Precision precision, List<Integer> threads, Rows rows) {

    /** What every {@link DeviceBenchmark} is told; a new map. */
    Map<String, Object> parameters(int threads) {
      Map<String, Object> parameters = new LinkedHashMap<>();
      parameters.put("backend", choice.provider().name());
      parameters.put("precision", precision.name().toLowerCase(Locale.ROOT));
      parameters.put("threads", threads);
      return parameters;
    }

    /** What every row about nn says; a new map. */
    Map<String, Object> row(int threads) {
      Map<String, Object> row = parameters(threads);
      row.put("device", choice.device().name());
      return row;
    }
  }

  @Override
  public final Integer call() throws IOException {
    refuseOptionsOfProfiles();
    checkOptions();
    checkChart();
    List<Integer> counts = threadCounts();
    Backends.Choice choice = device.choose();
    try (ResultFile table = json == null ? null : new ResultFile(json);
        ResultFile picture = chart == null ? null : new ResultFile(chart)) {
      Rows rows = new Rows(spec.commandLine().getOut());
      rows.say(choice.explanation());
      rows.say(header());
      measure(new Bench(new Jmh(quick, profiler), choice, device.precision(), counts, rows));
      if (table != null) {
        table.write(rows.json());
      }
      if (picture != null) {
        picture.write(parent.drawing().draw(figures()));
      }
    }
    return 0;
  }

  /**
   * What stands before a measurement's name is for {@code --profile}, and would do nothing here.
   */
  private void refuseOptionsOfProfiles() {
    for (OptionSpec given : spec.parent().commandLine().getParseResult().matchedOptions()) {
      if (!given.inherited()) {
        throw wrongUse(
            "%s stands before %s, where it has no effect; put it behind"
                .formatted(given.longestName(), spec.name()));
      }
    }
  }

  private void checkChart() {
    if (chart != null && !chart.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw wrongUse("--chart: \"" + chart + "\" must end with .png");
    }
  }

  /** Checks what a subclass has for options; what is wrong there is the user's fault. */
  abstract void checkOptions();

  private List<Integer> threadCounts() {
    int all = Runtime.getRuntime().availableProcessors();
    int[] chosen = threads == null ? new int[] {1, all} : threads;
    for (int count : chosen) {
      if (count < 1) {
        throw wrongUse("--threads must be at least 1, not " + count);
      }
      var _ = make("--threads", () -> new BackendOptions(count));
    }
    return IntStream.of(chosen).distinct().boxed().toList();
  }

  final <T> T make(String option, Supplier<T> factory) {
    try {
      return factory.get();
    } catch (IllegalArgumentException e) {
      throw wrongUse(option + ": " + e.getMessage());
    }
  }

  final <T> List<T> makeAll(String option, String[] texts, Function<String, T> factory) {
    return Arrays.stream(texts).map(text -> make(option, () -> factory.apply(text))).toList();
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
