package nn.examples.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.tck.Case;
import nn.tck.Conformance;
import nn.tck.Outcome;
import nn.tck.Report;
import nn.tck.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nn verify}: the conformance kit, without Maven. */
@Command(
    name = "verify",
    description = {
      "Runs the conformance kit on a backend: every case against loops in double.",
      "Exit code 1 if one fails."
    })
final class VerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = Backends.AUTO,
      description = "What to test (default: ${DEFAULT-VALUE}); see nn backends.")
  private String backend = Backends.AUTO;

  @Option(
      names = "--verb",
      paramLabel = "VERB",
      split = ",",
      description = "Only cases of these: ${COMPLETION-CANDIDATES}.")
  private Set<Verb> verbs = EnumSet.allOf(Verb.class);

  VerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Backends.Choice choice = Backends.choose(backend);
    terminal.say("%s, %s", choice.explanation(), choice.device().detail());
    List<Case> cases =
        Conformance.cases().stream().filter(each -> verbs.contains(each.verb())).toList();
    long start = System.nanoTime();
    try (Backend tested = choice.create(BackendOptions.DEFAULT)) {
      Report report = Conformance.verify(tested, cases, this::tell);
      terminal.say(
          "%n%d cases in %.1f s%n%n%s",
          cases.size(), (System.nanoTime() - start) / 1e9, report.toString().stripTrailing());
      return report.passed() ? 0 : 1;
    }
  }

  /** A failure is told at once: the kit may take minutes. */
  private void tell(Report.Result result) {
    if (result.outcome().status() == Outcome.Status.FAILED) {
      terminal.err().println(result);
    }
  }
}
