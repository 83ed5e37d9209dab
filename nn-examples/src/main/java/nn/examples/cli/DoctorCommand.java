package nn.examples.cli;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.BackendProvider;
import nn.backend.Backends;
import nn.backend.Backends.Found;
import nn.backend.Device;
import nn.backend.Finding;
import nn.backend.Probe;
import nn.tck.Conformance;
import nn.tck.Outcome;
import nn.tck.Report;
import nn.tck.Verb;
import picocli.CommandLine.Command;

/** {@code nn doctor}: what each backend found on this machine, and whether it computes rightly. */
@Command(
    name = "doctor",
    description = {
      "Says what each backend found on this machine and what it lacks, and tests it.",
      "Those that can run are tested for a second each. Exit code 1 if one computes wrongly."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Set<Verb> VERBS = EnumSet.of(Verb.GEMM, Verb.ELEMENTWISE, Verb.REDUCE);

  private final Terminal terminal;

  DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.say("java: %s (%s)", Runtime.version(), System.getProperty("java.vendor"));
    say("system", System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
    say("heap", Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB at most");
    boolean sound = true;
    for (Found found : Backends.find()) {
      sound &= examine(found.provider(), found.probe());
    }
    return sound ? 0 : 1;
  }

  private void say(String subject, String detail) {
    terminal.say("  %-12s %s", subject, detail);
  }

  private boolean examine(BackendProvider provider, Probe probe) {
    Device device = probe.device();
    terminal.say("%n%s: %s", provider.name(), device == null ? "cannot run here" : device.name());
    for (Finding finding : provider.diagnose()) {
      say(finding.subject(), finding.detail());
    }
    if (device == null) {
      say("because", probe.reason());
      if (!probe.remedy().isEmpty()) {
        say("remedy", probe.remedy());
      }
      return true;
    }
    say("device", device.detail() + ", " + memory(device.memoryBytes()));
    return test(provider);
  }

  private static String memory(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB of memory", bytes / (double) (1 << 30));
  }

  private boolean test(BackendProvider provider) {
    try (Backend backend = provider.create(BackendOptions.DEFAULT)) {
      long start = System.nanoTime();
      Report report = Conformance.sample(backend, VERBS, PATIENCE);
      double worst = VERBS.stream().mapToDouble(report::worstError).max().orElse(0);
      say(
          "self-test",
          String.format(
              Locale.ROOT,
              "%d cases of gemm, elementwise and reduce in %.1f s: %s, worst relative error %.1g",
              report.results().size(),
              (System.nanoTime() - start) / 1e9,
              report.passed() ? "all right" : "WRONG",
              worst));
      report.with(Outcome.Status.FAILED).forEach(result -> say("", result.toString()));
      return report.passed();
    } catch (RuntimeException | LinkageError broken) {
      say("self-test", "FAILED: " + broken);
      return false;
    }
  }
}
