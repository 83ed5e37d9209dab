package nn.examples.cli;

import java.io.IOException;
import nn.backend.Backend;
import nn.backend.Backends;
import nn.data.DataException;
import nn.data.Mnist;
import nn.examples.experiment.Experiment;
import nn.examples.experiment.Lab;
import nn.examples.report.IndexPage;
import nn.examples.report.Report;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Runs experiments, one after another, on one backend and one copy of the data. */
final class ExampleRunner {
  private final Terminal terminal;
  private final Backends.Choice choice;
  private final Backend backend;
  private final long seed;
  private final MnistSupply supply;
  private final StatusLine status;
  private @Nullable Mnist mnist;

  ExampleRunner(
      Terminal terminal, Backends.Choice choice, Backend backend, long seed, MnistSupply supply) {
    this.terminal = terminal;
    this.choice = choice;
    this.backend = backend;
    this.seed = seed;
    this.supply = supply;
    this.status = new StatusLine(terminal);
  }

  /** What computes, in a line. */
  String device() {
    return choice.explanation();
  }

  /**
   * Runs an experiment and leaves its files in a folder.
   *
   * @param id its place on a page of several
   * @param command what a user would run to get the same
   */
  IndexPage.Section run(Experiment experiment, String id, String command, RunFolder folder)
      throws IOException {
    long start = System.nanoTime();
    Report report = new Report(this::print, this::warn);
    try {
      experiment.run(new Lab(choice, backend, this::mnist, seed, folder.path(), status), report);
    } finally {
      status.clear();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    folder.write(report::write);
    String[] lines = CommandSpec.forAnnotatedObject(experiment).usageMessage().description();
    return new IndexPage.Section(id, command, String.join(" ", lines), report, seconds);
  }

  private Mnist mnist() throws DataException {
    Mnist loaded = mnist;
    if (loaded == null) {
      loaded = supply.load(this::warn);
      mnist = loaded;
      print(
          "data %s: %,d training and %,d test images"
              .formatted(loaded.name(), loaded.train().size(), loaded.test().size()));
    }
    return loaded;
  }

  private void print(String line) {
    status.clear();
    terminal.out().println(line);
  }

  private void warn(String line) {
    status.clear();
    terminal.err().println(line);
  }
}
