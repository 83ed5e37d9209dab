package nn.bench;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nn bench step}. */
@Command(
    name = "step",
    description = "Training steps, as recorded plans and eagerly: microseconds.")
final class StepCommand extends Measurement {
  private static final List<String> MODES = List.of("plan", "eager");

  @Option(
      names = "--case",
      paramLabel = "NAME",
      split = ",",
      description = "two-layer, mlp, wide, cnn; by default all.")
  private String @Nullable [] cases;

  @Option(
      names = "--mode",
      paramLabel = "NAME",
      split = ",",
      description =
          "plan: recorded and replayed; eager: each command as it comes; by default both.")
  private List<String> modes = MODES;

  private List<StepCase> models = List.of();
  private final BarFigures bars =
      new BarFigures("A training step", "microseconds, by powers of ten", true);

  @Override
  void checkOptions() {
    modes = makeAll("--mode", modes.toArray(String[]::new), StepCommand::mode);
    models = cases == null ? StepCase.ALL : makeAll("--case", cases, StepCase::named);
  }

  private static String mode(String name) {
    if (!MODES.contains(name)) {
      throw new IllegalArgumentException(
          "no mode is called \"" + name + "\"; there are: " + String.join(", ", MODES));
    }
    return name;
  }

  @Override
  String header() {
    return "threads  case       mode    step us    median     worst      host   forward  fwd+bwd"
        + "  samples/s";
  }

  @Override
  void measure(Bench bench) {
    for (int threads : bench.threads()) {
      for (StepCase model : models) {
        for (String mode : modes) {
          measure(bench, threads, model, mode);
        }
      }
    }
  }

  @Override
  List<Figure> figures() {
    return bars.figures();
  }

  private void measure(Bench bench, int threads, StepCase model, String mode) {
    Map<String, Object> params = bench.parameters(threads);
    params.put("model", model.label());
    params.put("mode", mode);
    Windows step = bench.jmh().run(StepBenchmark.class, "step", params);
    Windows forward = bench.jmh().run(StepBenchmark.class, "forward", params);
    Windows forwardBackward = bench.jmh().run(StepBenchmark.class, "forwardBackward", params);
    double samplesPerSecond = model.batch() / step.best() * 1e6;
    Map<String, Object> row = bench.row(threads);
    row.put("case", model.label());
    row.put("mode", mode);
    row.put("batch", model.batch());
    row.put("stepMicros", step.best());
    row.put("stepMicrosMedian", step.median());
    row.put("stepMicrosWorst", step.worst());
    row.put("hostMicros", step.host());
    row.put("forwardMicros", forward.best());
    row.put("forwardBackwardMicros", forwardBackward.best());
    row.put("samplesPerSecond", samplesPerSecond);
    bench
        .rows()
        .add(
            row,
            "%7d  %-10s %-6s %8.1f  %8.1f  %8.1f  %8.1f  %8.1f %8.1f %10.0f",
            threads,
            model.label(),
            mode,
            step.best(),
            step.median(),
            step.worst(),
            step.host(),
            forward.best(),
            forwardBackward.best(),
            samplesPerSecond);
    bench.rows().profile("step", step.profile());
    bars.add(threads, model.label(), mode, step.best());
  }
}
